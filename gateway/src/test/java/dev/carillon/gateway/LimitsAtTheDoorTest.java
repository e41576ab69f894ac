package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a caller sees of its limits.
final class LimitsAtTheDoorTest {
  private static final String PATH = "/midjourney/imagine";
  private static final String HANG = "{\"prompt\":\"[[sandbox hang]] x\",\"async\":true}";
  private static final String FLUX = "{\"prompt\":\"x\",\"action\":\"generate\",\"async\":true}";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private static String task(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.text("/task_id");
  }

  @Test
  void open_tasks_past_the_limit_are_429_and_every_answer_says_how_many_are_left() {
    try (var door =
        new Door(
            folder,
            Map.of(
                "access.open-tasks-per-application", "2",
                "access.create-per-second", "1",
                "access.create-burst", "100"))) {
      Answer first = door.post(PATH, HANG, "Idempotency-Key", "first");
      String id = task(first);
      assertThat(first.header("RateLimit-Policy"))
          .isEqualTo("\"create\";q=100;w=100, \"open\";q=2;qu=\"concurrent-requests\"");
      assertThat(first.header("RateLimit")).isEqualTo("\"create\";r=99;t=1, \"open\";r=1");
      task(door.post(PATH, HANG));

      Answer quote = door.post(PATH + "?dry_run=1", HANG);
      assertThat(quote.text("/refusal")).isEqualTo("too_many_requests");
      assertThat(quote.text("/refused_by")).isEqualTo("open_tasks");

      Answer refused = door.post(PATH, HANG);

      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.text("/error/code")).isEqualTo("too_many_requests");
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 5);
      assertThat(refused.header("RateLimit")).endsWith("\"open\";r=0");
      assertThat(task(door.post(PATH, HANG, "Idempotency-Key", "first"))).isEqualTo(id);
      assertThat(door.get("/v1/tasks/" + id).header("RateLimit")).startsWith("\"query\";r=");

      door.post("/v1/tasks/" + id + "/cancel", "");
      task(door.post(PATH, HANG));
    }
  }

  @Test
  void a_refusal_says_when_the_oldest_open_tasks_are_expected_to_end() {
    try (var door =
        new Door(folder, Map.of("access.open-tasks-per-application", "1", "sandbox.speed", "1"))) {
      String id = task(door.post(PATH, HANG));
      String estimate = door.get("/v1/tasks/" + id).text("/estimate/low_seconds");

      Answer refused = door.post(PATH, HANG);

      int expected = (int) Math.min(60, Math.ceil(Double.parseDouble(estimate)));
      assertThat(expected).isGreaterThan(5);
      assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(expected - 3, expected);
    }
  }

  @Test
  void services_hold_every_application_to_their_own_limits_when_that_is_on() {
    try (var door = new Door(folder, Map.of("access.service-limits", "true"))) {
      Answer first = door.post(PATH, HANG);
      task(first);
      assertThat(first.header("RateLimit-Policy"))
          .contains("\"create-midjourney\";q=5;w=5")
          .contains("\"open-midjourney\";q=5;qu=\"concurrent-requests\"");
      for (int i = 0; i < 4; i++) {
        task(door.post(PATH, HANG));
      }

      Answer refused = door.post(PATH, HANG);

      assertThat(refused.status()).isEqualTo(429);
      task(door.post("/flux/images", FLUX));
    }
  }

  @Test
  void by_default_services_limit_nobody() {
    try (var door = new Door(folder, Map.of())) {
      for (int i = 0; i < 7; i++) {
        task(door.post(PATH, HANG));
      }
    }
  }

  @Test
  void an_inline_answer_tells_of_the_moment_it_is_written() {
    try (var door = new Door(folder, Map.of("access.open-tasks-per-application", "3"))) {
      Answer inline = door.post(PATH, "{\"prompt\":\"x\"}");

      assertThat(inline.text("/image_url")).startsWith("http");
      assertThat(inline.header("RateLimit")).endsWith("\"open\";r=3");
    }
  }
}
