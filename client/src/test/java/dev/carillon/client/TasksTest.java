package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a plain compatible server answers is scripted here; the real gateway is in `acceptance`.
@Timeout(60)
final class TasksTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Reaction NO_SUCH_PATH =
      json(404, "{\"error\":{\"code\":\"no_api\",\"message\":\"no\"}}");

  private final Receiver server = Receiver.start();
  private final Carillon carillon = Carillon.at(server.url(""), "token");

  @AfterEach
  void close() {
    server.close();
  }

  private static Reaction json(int status, String body) {
    return new Reaction.Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  @Test
  void a_plain_compatible_server_is_asked_by_its_own_call() throws Exception {
    server
        .on("/suno/audios", json(200, "{\"success\":true,\"task_id\":\"t1\"}"))
        .on("/v1/tasks/t1", NO_SUCH_PATH)
        .on(
            "/suno/tasks",
            json(200, "{\"id\":\"t1\",\"response\":{}}"),
            json(
                200,
                "{\"id\":\"t1\",\"finished_at\":1.5,\"response\":{\"success\":true,\"new\":[1]}}"));

    TaskHandle handle = carillon.submit("suno", "audios", Map.of("prompt", "a song"));
    TaskResult result = handle.await(LIMIT);

    assertThat(handle.id()).isEqualTo("t1");
    assertThat(result.isSuccess()).isTrue();
    assertThat(result.result().path("new").size()).isEqualTo(1);
    assertThat(server.received("/v1/tasks/t1")).hasSize(1);
    assertThat(server.received("/suno/tasks")).hasSize(2);
    var submitted = server.received("/suno/audios").getFirst();
    assertThat(submitted.text()).contains("\"async\":true").contains("\"prompt\":\"a song\"");
    assertThat(submitted.text()).contains(submitted.header("idempotency-key").orElseThrow());
  }

  @Test
  void a_task_whose_answer_was_lost_is_found_and_not_bought_again() throws Exception {
    server
        .on("/suno/audios", new Reaction.Reset())
        .on("/suno/tasks", json(200, "{\"id\":\"t7\",\"response\":{}}"));

    TaskHandle handle = carillon.submit("suno", "audios", Map.of());

    assertThat(handle.id()).isEqualTo("t7");
    assertThat(server.received("/suno/audios")).hasSize(1);
  }

  @Test
  void a_task_that_was_never_made_is_submitted_again_with_the_same_key() throws Exception {
    server
        .on(
            "/suno/audios",
            new Reaction.Reset(),
            json(200, "{\"success\":true,\"task_id\":\"t1\"}"))
        .on("/suno/tasks", json(200, "{}"));

    assertThat(carillon.submit("suno", "audios", Map.of()).id()).isEqualTo("t1");

    var keys =
        server.received("/suno/audios").stream()
            .map(request -> request.header("idempotency-key").orElseThrow())
            .toList();
    assertThat(keys).hasSize(2);
    assertThat(keys.getFirst()).isEqualTo(keys.getLast());
  }

  @Test
  void a_failed_task_is_a_result_with_its_code() throws Exception {
    server
        .on("/v1/tasks/t1", NO_SUCH_PATH)
        .on(
            "/suno/tasks",
            json(
                200,
                "{\"finished_at\":1,\"response\":{\"success\":false,\"error\":{\"code\":\"forbidden\"}}}"));

    assertThat(carillon.resume("suno", "t1").look().orElseThrow().errorCode())
        .contains("forbidden");
  }

  @Test
  void a_wait_that_is_too_short_names_the_task() {
    server.on("/v1/tasks/t1", json(200, "{\"id\":\"t1\",\"state\":\"running\"}"));

    assertThatThrownBy(() -> carillon.resume("suno", "t1").await(Duration.ofMillis(200)))
        .isInstanceOfSatisfying(
            WaitTimeoutException.class, late -> assertThat(late.taskId()).isEqualTo("t1"));
  }

  @Test
  void an_unknown_task_is_no_unknown_path() {
    server.on("/v1/tasks/t1", json(404, "{\"error\":{\"code\":\"not_found\",\"message\":\"no\"}}"));

    assertThatThrownBy(() -> carillon.resume("suno", "t1").look())
        .isInstanceOf(ServiceException.NotFound.class);
    assertThat(server.received("/suno/tasks")).isEmpty();
  }
}
