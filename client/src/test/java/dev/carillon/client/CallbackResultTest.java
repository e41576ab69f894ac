package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.webhook.InboxEvent;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Polling and callbacks behind one handle. The server never tells of an end by itself here.
@Timeout(60)
final class CallbackResultTest {
  private static final Duration LIMIT = Duration.ofSeconds(50);
  private static final String OPEN = "{\"id\":\"t1\",\"response\":{}}";
  private static final String ENDED = "{\"success\":true,\"task_id\":\"t1\",\"data\":[7]}";

  private final Receiver server = Receiver.start();
  private final Carillon carillon = Carillon.at(server.url(""), "token");

  @AfterEach
  void close() {
    server.close();
  }

  private static Reaction json(int status, String body) {
    return new Reaction.Answer(status, Map.of("Content-Type", "application/json"), body);
  }

  private static InboxEvent event(String type, String body) {
    Optional<String> known = type.isEmpty() ? Optional.empty() : Optional.of(type);
    return new InboxEvent("msg_1", known, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_callback_ends_a_wait_between_two_looks() throws Exception {
    server
        .on("/v1/tasks/t1", json(404, "{\"error\":{\"code\":\"no_api\"}}"))
        .on("/suno/tasks", json(200, OPEN));
    TaskHandle handle = carillon.resume("suno", "t1");
    var waiting = CompletableFuture.supplyAsync(() -> awaited(handle));
    server.await("/suno/tasks", 1, LIMIT);

    carillon.heard(event("", ENDED));

    assertThat(waiting.get(50, TimeUnit.SECONDS).result().at("/data/0").asInt()).isEqualTo(7);
  }

  @Test
  void a_callback_ends_what_the_shared_poller_watches_and_a_second_one_is_dropped()
      throws Exception {
    server.on("/suno/tasks", json(200, "{\"items\":[" + OPEN + "]}"));
    var end = carillon.resume("suno", "t1").whenEnded();
    server.await("/suno/tasks", 1, LIMIT);

    carillon.heard(event("", ENDED));
    carillon.heard(
        event("", "{\"success\":false,\"task_id\":\"t1\",\"error\":{\"code\":\"late\"}}"));

    assertThat(end.get(50, TimeUnit.SECONDS).isSuccess()).isTrue();
  }

  @Test
  void an_event_of_a_registered_endpoint_tells_of_the_end_too() {
    Optional<TaskResult> failed =
        CallbackResult.of(
            event(
                "task.failed",
                """
                {"id": "msg_1", "type": "task.failed",
                 "data": {"task_id": "t1", "state": "failed", "error": {"code": "forbidden"}}}
                """));

    assertThat(failed.orElseThrow().taskId()).isEqualTo("t1");
    assertThat(failed.orElseThrow().errorCode()).contains("forbidden");
  }

  @Test
  void what_tells_of_no_end_changes_nothing() {
    assertThat(CallbackResult.of(event("task.progressed", ENDED))).isEmpty();
    assertThat(CallbackResult.of(event("", "no JSON"))).isEmpty();
    assertThat(CallbackResult.of(event("", "{\"success\":true}"))).isEmpty();
    assertThat(
            CallbackResult.of(event("", "{\"success\":true,\"task_id\":\"t1\",\"progress\":40}")))
        .isEmpty();
  }

  private static TaskResult awaited(TaskHandle handle) {
    try {
      return handle.await(LIMIT);
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }
}
