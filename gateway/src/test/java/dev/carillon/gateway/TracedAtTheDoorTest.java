package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.testkit.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests without a key that carry a trace id, sent again.
final class TracedAtTheDoorTest {
  private static final String PATH = "/midjourney/imagine";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Map<String, String> SHORT =
      Map.of("idempotency.window", "5s", "http.grace", "0s");

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Door door;

  @BeforeAll
  static void open() {
    door = new Door(folder.resolve("on"), Map.of());
  }

  @AfterAll
  static void close() {
    door.close();
  }

  private static String body(String prompt, String trace) {
    return "{\"prompt\":\"%s\",\"async\":true,\"trace_id\":\"%s\"}".formatted(prompt, trace);
  }

  private static String task(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.text("/task_id");
  }

  @Test
  void the_same_body_and_trace_id_is_the_first_task_though_that_was_answered() {
    String body = body("a bell", "one-1");
    Answer first = door.post(PATH, body);

    Answer again = door.post(PATH, body);

    assertThat(task(again)).isEqualTo(task(first));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
  }

  @Test
  void at_the_same_moment_they_are_one_task_too() {
    String body = body("twins", "one-2");
    var one = CompletableFuture.supplyAsync(() -> door.post(PATH, body));
    var two = CompletableFuture.supplyAsync(() -> door.post(PATH, body));

    assertThat(task(one.join())).isEqualTo(task(two.join()));
  }

  @Test
  void another_trace_id_or_another_body_is_another_wish() {
    String first = task(door.post(PATH, body("a bell", "two-1")));

    assertThat(task(door.post(PATH, body("a bell", "two-2")))).isNotEqualTo(first);
    assertThat(task(door.post(PATH, body("a gong", "two-1")))).isNotEqualTo(first);
  }

  @Test
  void without_a_trace_id_equal_requests_are_wishes_of_their_own() {
    String body = "{\"prompt\":\"a bell\",\"async\":true}";

    assertThat(task(door.post(PATH, body))).isNotEqualTo(task(door.post(PATH, body)));
  }

  @Test
  void an_attempt_that_failed_is_followed_by_another_and_that_is_repeated_in_turn() {
    String body = body("[[sandbox fail=api_error]] a bell", "three");
    String first = task(door.post(PATH, body));
    door.ended(first);

    String second = task(door.post(PATH, body));
    door.ended(second);
    String third = task(door.post(PATH, body));

    assertThat(second).isNotEqualTo(first);
    assertThat(third).isNotEqualTo(second).isNotEqualTo(first);
  }

  @Test
  void the_key_that_is_made_of_it_is_shown_to_nobody() {
    String id = task(door.post(PATH, body("a bell", "four")));

    Answer shown = door.get("/v1/tasks/" + id);

    assertThat(shown.text("/trace_id")).isEqualTo("four");
    assertThat(shown.json().has("idempotency_key")).isFalse();
  }

  /// Its wait may be longer than the window, which its key is known for.
  @Test
  void one_that_waits_and_is_cut_off_after_the_window_is_recognised() throws IOException {
    try (Door shortly = new Door(folder.resolve("cut"), SHORT)) {
      String body = waiting("cut off", "six");
      String first;
      try (Socket _ = shortly.postAndKeepQuiet(PATH, body)) {
        first = openLongerThanTheWindow(shortly);
      }

      Answer again =
          Await.value(
              "the hang-up is noticed",
              SOON,
              () ->
                  Optional.of(shortly.post(PATH, body, "Prefer", "wait=1"))
                      .filter(answer -> answer.text("/task_id").equals(first)));

      assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }
  }

  @Test
  void one_that_waits_and_that_the_end_of_the_process_cut_off_is_recognised() throws IOException {
    Path data = folder.resolve("ended");
    String body = waiting("nobody heard", "seven");
    String first;
    String token;
    try (Door before = new Door(data, SHORT);
        Socket _ = before.postAndKeepQuiet(PATH, body)) {
      first = openLongerThanTheWindow(before);
      token = before.token();
    }

    try (Door after = Door.again(data, SHORT, token)) {
      assertThat(after.post(PATH, body, "Prefer", "wait=1").text("/task_id")).isEqualTo(first);
    }
  }

  private static String waiting(String words, String trace) {
    return "{\"prompt\":\"[[sandbox take=20s]] %s\",\"trace_id\":\"%s\"}".formatted(words, trace);
  }

  private static String openLongerThanTheWindow(Door door) {
    String id =
        Await.value(
            "the task is accepted",
            SOON,
            () ->
                door.get("/v1/tasks?state=open")
                    .json()
                    .path("items")
                    .valueStream()
                    .map(item -> item.path("id").asString())
                    .findFirst());
    assertThat(door.get("/v1/tasks/" + id + "?wait=6s").json().path("finished_at").isNull())
        .isTrue();
    return id;
  }

  @Test
  void a_window_of_zero_switches_it_off() {
    try (Door off = new Door(folder.resolve("off"), Map.of("idempotency.window", "0s"))) {
      String body = body("a bell", "five");

      assertThat(task(off.post(PATH, body))).isNotEqualTo(task(off.post(PATH, body)));
    }
  }
}
