package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Gateway;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The operator's commands, on a gateway that runs in this process and on the file of one that does
/// not.
final class OperatorCommandsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private record Ended(int code, String out, String err) {
    JsonNode json() {
      assertThat(code).as(err).isZero();
      return JSON.readTree(out);
    }

    String field(String name) {
      return json().path(name).asString(json().path(name).toString());
    }
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private Gateway gateway(String... more) {
    var flags = new java.util.HashMap<>(Map.of("data", data(), "port", "0", "log-level", "error"));
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    return Wiring.start(Optional.empty(), flags);
  }

  private static Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  /// Runs on the data folder and asks for JSON.
  private Ended ask(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", data(), "--json"));
    return run(all.toArray(String[]::new));
  }

  /// The status of a business call on the running gateway.
  private int works(String token) throws IOException, InterruptedException {
    String url = Files.readString(folder.resolve("data/admin.url")).strip();
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(url + "/v1/tasks"))
              .header("Authorization", "Bearer " + token);
      return client.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void the_same_commands_work_on_a_running_gateway_and_on_a_stopped_ones_file() throws Exception {
    String whileRunning;
    try (Gateway _ = gateway()) {
      whileRunning = walk("one");
      assertThat(works(whileRunning)).isEqualTo(200);
    }
    assertThat(folder.resolve("data/admin.url")).doesNotExist();
    String whileStopped = walk("two");

    try (Gateway _ = gateway()) {
      assertThat(works(whileRunning)).isEqualTo(200);
      assertThat(works(whileStopped)).isEqualTo(200);
      assertThat(ask("app", "list").json().path("count").intValue()).isEqualTo(3);
      assertThat(ask("credit", "balance").json().at("/items/0/general_balance").asString())
          .isEqualTo("1020");
    }
  }

  /// Makes an application with a token and some credit.
  private String walk(String name) {
    assertThat(ask("app", "create", name, "--service", "suno", "--credit", "1.5").field("name"))
        .isEqualTo(name);
    ask("credit", "add", "20").json();
    ask("credit", "take", "10").json();
    ask("credit", "take", "0.5", "--app", name).json();
    assertThat(ask("app", "show", name).field("remaining_amount")).isEqualTo("1");
    assertThat(ask("app", "set", name, "--general-balance", "true").field("allow_consume_global"))
        .isEqualTo("true");
    var made = ask("token", "create", "--app", name, "--limit", "2", "--service", "suno");
    String id = made.field("id");
    assertThat(ask("token", "set", id, "--no-limit", "--name", "n").field("limited_amount"))
        .isEqualTo("null");
    assertThat(ask("token", "expire", id, "2999-01-01").field("expired_at"))
        .isEqualTo("2999-01-01T00:00:00Z");
    assertThat(ask("token", "create", "--platform").field("token")).startsWith("platform-");
    assertThat(ask("usage", "--group", "application").json().at("/total/tasks").intValue())
        .isZero();
    return ask("token", "rotate", id, "--overlap", "10m").field("token");
  }

  @Test
  void a_revoked_token_and_a_disabled_application_fail_with_the_next_request() throws Exception {
    try (Gateway _ = gateway()) {
      ask("app", "create", "mine").json();
      var first = ask("token", "create", "--app", "mine");
      var second = ask("token", "create", "--app", "mine");
      assertThat(works(first.field("token"))).isEqualTo(200);

      ask("token", "revoke", first.field("id")).json();
      assertThat(works(first.field("token"))).isEqualTo(401);
      assertThat(works(second.field("token"))).isEqualTo(200);
      ask("app", "disable", "mine").json();
      assertThat(works(second.field("token"))).isEqualTo(403);
      ask("app", "enable", "mine").json();
      assertThat(works(second.field("token"))).isEqualTo(200);
    }
  }

  @Test
  void every_failure_is_one_line_with_an_exit_code_of_its_own() throws Exception {
    assertThat(ask("app", "list")).matches(ended -> ended.code == 4).matches(this::isOneLine);
    try (Gateway _ = gateway("admin.token", "another-admin-token")) {
      assertThat(ask("app", "list"))
          .matches(ended -> ended.code == 4)
          .matches(ended -> ended.err.contains("CARILLON_ADMIN_TOKEN"))
          .matches(this::isOneLine);
      assertThat(folder.resolve("data/admin.token")).doesNotExist();
    }
    assertThat(ask("app", "show", "nobody"))
        .matches(ended -> ended.code == 3)
        .matches(this::isOneLine);
    assertThat(ask("credit", "take", "5000"))
        .matches(ended -> ended.code == 1)
        .matches(ended -> ended.err.contains("1000"));
    assertThat(ask("token", "create", "--service", "nothing"))
        .matches(ended -> ended.code == 1)
        .matches(ended -> ended.err.contains("nothing"));
    assertThat(run("app", "--nonsense").code).isEqualTo(2);
    assertThat(run("token").code).isEqualTo(2);
  }

  private boolean isOneLine(Ended ended) {
    return ended.err.strip().lines().count() == 1 && ended.err.startsWith("carillon: ");
  }

  @Test
  void limits_are_set_while_it_runs_and_while_it_does_not() {
    try (Gateway _ = gateway()) {
      ask("app", "create", "mine").json();
      var set = ask("app", "limit", "mine", "--open-tasks", "5", "--weight", "3");
      assertThat(set.field("open_tasks")).isEqualTo("5");
    }
    ask("app", "limit", "mine", "--service", "suno", "--create-per-second", "0.5").json();
    ask("app", "limit", "mine", "--weight", "default").json();

    try (Gateway _ = gateway()) {
      var shown = ask("app", "limit", "mine").json();
      assertThat(shown.path("open_tasks").intValue()).isEqualTo(5);
      assertThat(shown.path("weight").isNull()).isTrue();
      assertThat(shown.at("/services/suno/create_per_second").asString()).isEqualTo("0.5");
      assertThat(ask("app", "limit", "mine", "--weight", "0"))
          .matches(ended -> ended.code == 1)
          .matches(ended -> ended.err.contains("weight"));
    }
  }

  @Test
  void the_admin_token_is_the_owners_alone() throws Exception {
    try (Gateway _ = gateway()) {
      Path file = folder.resolve("data/admin.token");
      assertThat(Files.readString(file).strip()).hasSize(48);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void people_get_tables_and_lines() {
    gateway().close();
    run("app", "create", "mine", "--data", data());

    assertThat(run("app", "list", "--data", data()).out)
        .startsWith("ID ")
        .contains("mine")
        .doesNotContain("{");
    assertThat(run("usage", "--csv", "--data", data()).out).startsWith("day,service,tasks,");
    assertThat(run("token", "create", "--app", "mine", "--data", data()).out)
        .containsPattern("token: [0-9a-f]{32}");
  }
}
