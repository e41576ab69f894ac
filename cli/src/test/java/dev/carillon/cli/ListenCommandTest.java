package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListenCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static LiveGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new LiveGateway(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /// How a command ended.
  private record Ending(int code, String out, String err) {}

  @Test
  void the_process_forwards_ends_well_by_an_interrupt_and_loads_nothing_of_the_gateway()
      throws Exception {
    Path output = folder.resolve("output.txt");
    Path classes = folder.resolve("classes.txt");
    try (Receiver receiver = Receiver.start()) {
      var builder =
          new ProcessBuilder(
              // A run in the background ignores interrupts, and children inherit that.
              "env",
              "--default-signal=INT",
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xlog:class+load:file=" + classes,
              "-cp",
              ClassPath.ofCallers(),
              "dev.carillon.cli.Main",
              "listen",
              "--forward-to",
              receiver.url("/hook").toString());
      builder.environment().put("CARILLON_URL", gateway.url());
      builder.environment().put("CARILLON_TOKEN", gateway.token);
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      try {
        Await.until("it is connected", PATIENCE, () -> read(output).contains("connected to"));
        gateway.tasks(1);
        Await.until("it was taken", PATIENCE, () -> read(output).contains("-> 200"));

        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(read(output)).isZero();
      } finally {
        process.destroyForcibly();
      }
    }
    assertThat(read(output)).contains("task.succeeded").doesNotContain(gateway.token);
    assertThat(read(classes)).contains("dev.carillon.cli.Listener");
    assertThat(read(classes).lines().filter(line -> line.contains("dev.carillon.gateway")))
        .isEmpty();
    String consumer = gateway.get("/v1/consumers").path("items").get(0).path("name").asString();
    assertThat(consumer).startsWith("listen-");
    assertThat(gateway.acknowledged(consumer))
        .contains(gateway.get("/v1/events?after=now").path("next").asString());
  }

  @Test
  void mistakes_are_one_line_that_says_what_to_do() {
    assertThat(
            run(
                "listen",
                "--forward-to",
                "http://localhost:1/",
                "--url",
                "http://127.0.0.1:1",
                "--token",
                "t"))
        .satisfies(ending -> {
          assertThat(ending.code).isEqualTo(4);
          assertThat(ending.err.lines())
              .singleElement()
              .asString()
              .startsWith("carillon: no gateway answers at http://127.0.0.1:1");
        });
    assertThat(
            run(
                "listen",
                "--forward-to",
                "http://localhost:1/",
                "--url",
                gateway.url(),
                "--token",
                "t"))
        .satisfies(ending -> {
          assertThat(ending.code).isEqualTo(3);
          assertThat(ending.err.lines())
              .singleElement()
              .asString()
              .contains("does not take this token");
        });
    assertThat(run("listen", "--forward-to", "localhost:1", "--token", "t"))
        .satisfies(ending -> {
          assertThat(ending.code).isEqualTo(2);
          assertThat(ending.err).contains("--forward-to must be a URL");
        });
    assertThat(run("listen", "--token", "t").code).isEqualTo(2);
  }

  @Test
  void events_prints_what_the_feed_holds_and_ends() {
    gateway.tasks(1);

    Ending ending =
        run(
            "events",
            "--url",
            gateway.url(),
            "--token",
            gateway.token,
            "--events",
            "task.succeeded");

    assertThat(ending.code).as(ending.err).isZero();
    assertThat(ending.out.lines().toList()).isEqualTo(gateway.events("task.succeeded"));
  }

  private static Ending run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(List.of(arguments).toArray(String[]::new));
    return new Ending(code, out.toString(), err.toString());
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
