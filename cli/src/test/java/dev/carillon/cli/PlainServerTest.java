package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The caller's commands against a server that has the compatible API and nothing of Carillon's.
@Timeout(120)
final class PlainServerTest {
  private static final String PENDING = "{\"id\":\"t1\",\"type\":\"images\",\"response\":{}}";
  private static final String ENDED =
      "{\"id\":\"t1\",\"type\":\"images\",\"created_at\":1.0,\"finished_at\":2.5,"
          + "\"response\":{\"success\":true,\"task_id\":\"t1\",\"data\":[]}}";

  private final Receiver server = Receiver.start();

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private record Ended(int code, String out, String err) {
    JsonNode json() {
      return new JsonMapper().readTree(out);
    }
  }

  @BeforeEach
  void script() {
    server
        .otherwise(any -> json(404, "{\"error\":{\"code\":\"no_api\",\"message\":\"no\"}}"))
        .on("/flux/images", json(200, "{\"success\":true,\"task_id\":\"t1\"}"))
        .on("/flux/tasks", json(200, PENDING), json(200, ENDED));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static Reaction json(int status, String body) {
    return new Reaction.Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  private Ended run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--url", server.url("").toString(), "--token", "x"));
    String[] words = all.toArray(String[]::new);
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        Main.commandLine(words)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words);
    return new Ended(code, out.toString(), err.toString());
  }

  @Test
  void something_is_made_and_waited_for() {
    Ended ended = run("generate", "image", "a fox", "--service", "flux", "--json");

    assertThat(ended.code).as(ended.err).isZero();
    assertThat(ended.json().path("state").asString()).isEqualTo("succeeded");
    assertThat(server.received("/flux/images")).hasSize(1);
    assertThat(server.received("/flux/tasks")).hasSize(2);
  }

  @Test
  void a_task_is_found_by_its_service_and_the_service_is_asked_for() {
    assertThat(run("task", "get", "t1", "--service", "flux").out).contains("state: running");
    assertThat(run("task", "wait", "t1", "--service", "flux").code).isZero();

    Ended untold = run("task", "get", "t1");

    assertThat(untold.code).isEqualTo(2);
    assertThat(untold.err).contains("--service");
  }

  @Test
  void what_it_cannot_do_is_told_with_the_next_step() {
    Ended list = run("task", "list");

    assertThat(list.code).isEqualTo(3);
    assertThat(list.err.strip().lines()).hasSize(1);
  }

  @Test
  void a_batch_comes_to_its_end() throws IOException {
    Path jobs =
        Files.writeString(
            folder.resolve("jobs.jsonl"),
            "{\"endpoint\":\"flux/images\",\"body\":{\"prompt\":\"a fox\"}}\n");

    Ended ended = run("batch", jobs.toString(), "--json");

    assertThat(ended.code).as(ended.err).isZero();
    assertThat(ended.json().path("succeeded").intValue()).isOne();
  }

  @Test
  void the_command_that_goes_on_leads_to_the_same_server() {
    server.on("/flux/tasks", json(200, PENDING));

    Ended late = run("task", "wait", "t1", "--service", "flux", "--timeout", "100ms");

    assertThat(late.code).isEqualTo(5);
    assertThat(late.err).contains("carillon task wait t1 --url " + server.url(""));
  }
}
