package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/// The ways between an answer at once and an answer with everything, on a gateway that holds inline
/// requests for two seconds at most.
@Execution(ExecutionMode.CONCURRENT)
final class WaitingIT {
  private static final String IMAGINE = "/midjourney/imagine";
  private static final String HANG = "{\"prompt\":\"[[sandbox hang]] a cat\"}";
  private static final String VEO = "{\"action\":\"text2video\",\"prompt\":\"a cat\"}";

  private static GatewayProcess gateway;
  private static Api api;

  @BeforeAll
  static void start() {
    gateway = GatewayProcess.start(Map.of("CARILLON_WAIT_INLINE", "2s"));
    api = gateway.api();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void rule_12_an_inline_answer_is_bounded_and_the_work_goes_on() {
    long began = System.nanoTime();
    Answer answer = api.post(IMAGINE, HANG);

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(10));
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("success", "task_id", "trace_id");
    JsonNode record = api.record("midjourney", answer.json().path("task_id").asString());
    assertThat(record.path("response").isEmpty()).isTrue();
    assertThat(record.has("finished_at")).isFalse();
  }

  @Test
  void a_client_that_prefers_not_to_wait_gets_the_id() {
    Answer answer = api.post(IMAGINE, HANG, "prefer", "respond-async");

    assertThat(answer.status()).as("%s", answer).isIn(200, 202);
    assertThat(answer.header("preference-applied")).contains("respond-async");
    assertThat(answer.json().has("image_url")).isFalse();
    assertThat(answer.json().path("task_id").asString()).matches(Shapes.UUID);
  }

  @Test
  void a_client_that_prefers_to_wait_gets_the_result_of_a_task_endpoint() {
    Answer answer = api.post("/veo/videos", VEO, "prefer", "wait=20");

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.header("preference-applied").orElse("")).matches("wait=\\d+");
    assertThat(answer.json().at("/data/0/video_url").asString()).startsWith("http");
  }

  @Test
  void a_wait_that_is_over_ends_with_the_id() {
    String body = "{\"action\":\"text2video\",\"prompt\":\"[[sandbox hang]] x\"}";

    long began = System.nanoTime();
    Answer answer = api.post("/veo/videos", body, "prefer", "wait=1");

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(answer.header("preference-applied")).contains("wait=1");
    assertThat(answer.json().path("task_id").asString()).matches(Shapes.UUID);
    assertThat(answer.json().has("data")).isFalse();
  }

  @Test
  void a_preference_nobody_knows_is_passed_over() {
    Answer answer =
        api.post(IMAGINE, "{\"prompt\":\"a cat\"}", "prefer", "handling=lenient, wait=x");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("preference-applied")).isEmpty();
    assertThat(answer.json().path("image_url").asString()).startsWith("http");
  }

  @Test
  void async_false_is_the_same_as_no_async() {
    Answer answer =
        api.post(IMAGINE, "{\"prompt\":\"a cat\",\"async\":false,\"callback_url\":\"\"}");

    assertThat(answer.json().path("image_url").asString()).startsWith("http");
  }

  @Test
  void the_ids_of_an_inline_task_stand_in_the_headers_too() {
    Answer answer = api.post(IMAGINE, "{\"prompt\":\"a cat\"}");

    assertThat(answer.header("carillon-task-id"))
        .contains(answer.json().path("task_id").asString());
    assertThat(answer.header("carillon-trace-id").orElse("")).matches(Shapes.UUID);
  }

  @Test
  void an_inline_failure_is_an_error_status_and_envelope() {
    Shapes.assertError(
        api.post(IMAGINE, "{\"prompt\":\"[[sandbox fail=forbidden]] x\"}"), 403, "forbidden");
    Shapes.assertError(
        api.post(IMAGINE, "{\"prompt\":\"[[sandbox fail=timeout]] x\"}"), 504, "timeout");
    Shapes.assertError(
        api.post("/suno/audios", "{\"prompt\":\"[[sandbox fail=busy]] x\"}"), 500, "busy");
  }

  @Test
  void a_client_that_hangs_up_cancels_nothing() {
    String body = "{\"prompt\":\"[[sandbox take=2s]] hung up\",\"trace_id\":\"hung-up\"}";
    try (Stream<String> lines =
        api.lines(
            api.posting(
                IMAGINE,
                body.getBytes(StandardCharsets.UTF_8),
                "accept",
                "application/x-ndjson"))) {
      assertThat(lines.findFirst()).isPresent();
    }

    JsonNode found = api.post("/midjourney/tasks", "{\"trace_id\":\"hung-up\"}").json();
    Shapes.assertSucceeded(api.finished("midjourney", found.path("id").asString()));
  }

  @Test
  void a_stream_of_lines_shows_the_progress_and_ends_with_the_result() {
    String body = "{\"prompt\":\"[[sandbox take=1s]] a cat\"}";
    List<JsonNode> lines;
    try (Stream<String> stream =
        api.lines(
            api.posting(
                IMAGINE,
                body.getBytes(StandardCharsets.UTF_8),
                "accept",
                "application/x-ndjson"))) {
      lines = stream.filter(line -> !line.isBlank()).map(Json::read).toList();
    }

    assertThat(lines).hasSizeGreaterThanOrEqualTo(2);
    assertThat(lines)
        .allSatisfy(line -> {
          assertThat(line.path("success").booleanValue()).isTrue();
          assertThat(line.path("task_id")).isEqualTo(lines.getFirst().path("task_id"));
        });
    assertThat(lines.stream().map(line -> line.path("progress").intValue(-1))).isSorted();
    assertThat(lines.subList(0, lines.size() - 1))
        .allSatisfy(line -> assertThat(line.path("actions").isEmpty()).isTrue());
    assertThat(lines.getLast().path("progress").intValue()).isEqualTo(100);
    assertThat(lines.getLast().path("actions").isEmpty()).isFalse();
    assertThat(lines.getLast().path("image_url").asString()).startsWith("http");
  }
}
