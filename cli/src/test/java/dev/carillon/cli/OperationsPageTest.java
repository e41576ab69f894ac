package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.gateway.Gateway;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.PostgresServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What an operator is told to type works, and the figures the alarms look at are there.
final class OperationsPageTest {
  private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern FIGURE = Pattern.compile("\\bcarillon_[a-z_]+");
  private static final String DATABASE = "postgresql://carillon@db.example:5432/carillon";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("../docs/" + name));
  }

  private static Gateway gateway(Path data) {
    return Wiring.start(
        Optional.empty(), Map.of("data", data.toString(), "port", "0", "log-level", "error"));
  }

  @TestFactory
  Stream<DynamicTest> each_block_of_commands_does_what_it_says() throws IOException {
    Optional<PostgresServer> server = PostgresServer.shared();
    assumeTrue(server.isPresent(), "PostgreSQL is not installed");
    List<String> blocks =
        Stream.of(page("operations.md"), page("postgresql.md"))
            .flatMap(text -> SHELL.matcher(text).results())
            .map(block -> block.group(1))
            .toList();
    assertThat(blocks).hasSizeGreaterThan(7);
    var count = new int[1];
    return blocks.stream()
        .map(block -> {
          int number = ++count[0];
          return DynamicTest.dynamicTest(block, () -> run(block, number, server.orElseThrow()));
        });
  }

  /// Each block begins with a store in a folder and an empty database; one that looks at the
  /// database first finds that folder's store in it.
  private void run(String block, int number, PostgresServer server) throws SQLException {
    String name = "page_" + number;
    try (var connection = DriverManager.getConnection(server.jdbc("postgres"));
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    Path data = folder.resolve("data-" + number);
    gateway(data).close();
    if (block.startsWith("carillon store check --store")) {
      assertThat(execute("store copy --from " + data + " --to " + server.url(name))).isZero();
    }

    for (String line : block.lines().toList()) {
      assertThat(line).startsWith("carillon store ");
      String real =
          line.substring("carillon ".length())
              .replace("/var/lib/carillon", data.toString())
              .replace("/backup/", folder + "/" + number + "-")
              .replace(DATABASE, server.url(name));
      assertThat(execute(real)).as(real).isZero();
    }
  }

  private static int execute(String line) {
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(line.split(" ", -1));
    assertThat(code).as(line + ": " + err).isZero();
    return code;
  }

  @Test
  void the_figures_of_the_alarms_are_there_once_something_happened() throws Exception {
    var named = new TreeSet<String>();
    FIGURE.matcher(page("operations.md")).results().forEach(found -> named.add(found.group()));
    try (var gateway = new LiveGateway(folder.resolve("data"));
        var client = HttpClient.newHttpClient()) {
      String body =
          "{\"prompt\": \"a fox [[sandbox take=0]]\", \"callback_url\": \"http://127.0.0.1:9/\"}";
      var made =
          HttpRequest.newBuilder(URI.create(gateway.url() + "/midjourney/imagine?wait=20"))
              .header("Authorization", "Bearer " + gateway.token)
              .header("Prefer", "wait=20")
              .POST(BodyPublishers.ofString(body))
              .build();
      assertThat(client.send(made, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      var look = HttpRequest.newBuilder(URI.create(gateway.url() + "/metrics")).build();
      Await.until(
          "the figures are there: " + named,
          Duration.ofSeconds(20),
          () -> shown(client, look).containsAll(named));
    }
    assertThat(named).hasSizeGreaterThan(8);
  }

  private static Set<String> shown(HttpClient client, HttpRequest look) {
    try {
      var shown = new TreeSet<String>();
      client
          .send(look, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> shown.add(line.split("[{ ]", 2)[0]));
      return shown;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
