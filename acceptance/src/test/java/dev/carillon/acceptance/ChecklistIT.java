package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/// The acceptance checklist of contract section 6.2, line by line. Line 6 goes on in [TokensIT],
/// lines 8 and 9 stand in [OfficialClientsIT], line 10 in [RestartIT].
@ExtendWith(SharedGateway.class)
@Execution(ExecutionMode.CONCURRENT)
final class ChecklistIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Api api;
  private final Receiver receiver;

  ChecklistIT(Api api, Receiver receiver) {
    this.api = api;
    this.receiver = receiver;
  }

  @Test
  void line_1_imagine_without_flags_is_answered_with_the_whole_result() {
    Answer answer = api.post("/v1/midjourney/imagine", "{\"prompt\": \"a lighthouse at dawn\"}");

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    JsonNode body = answer.json();
    assertThat(body.path("success").booleanValue()).isTrue();
    assertThat(body.path("image_url").asString()).startsWith("http");
    assertThat(body.path("image_width").isInt()).isTrue();
    assertThat(body.path("progress").intValue()).isEqualTo(100);
    assertThat(body.path("actions").valueStream().map(JsonNode::asString))
        .contains("upscale1", "upscale4", "reroll", "variation1", "variation4");
    String id = body.path("task_id").asString();
    assertThat(id).matches(Shapes.UUID);
    JsonNode record = api.record("midjourney", id);
    Shapes.assertSucceeded(record);
    assertThat(record.at("/response/image_url")).isEqualTo(body.path("image_url"));
  }

  @Test
  void line_2_with_a_callback_the_id_comes_at_once_and_the_result_is_posted_once()
      throws Exception {
    String path = "/line-2-" + UUID.randomUUID();
    String target = receiver.url(path) + "?secret=a%20b&x=1";

    Answer answer =
        api.post(
            "/v1/midjourney/imagine",
            Json.of(Map.of("prompt", "[[sandbox take=2s]] a cat", "callback_url", target)));
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("success", "task_id", "trace_id");
    String id = answer.json().path("task_id").asString();
    JsonNode before = api.record("midjourney", id);
    Received callback = receiver.await(path, 1, SOON).getFirst();
    JsonNode after = api.record("midjourney", id);

    assertThat(before.has("finished_at")).isFalse();
    assertThat(after.path("finished_at").isFloatingPointNumber()).isTrue();
    assertThat(after.has("status")).isFalse();
    assertThat(callback.method()).isEqualTo("POST");
    assertThat(callback.target()).isEqualTo(path + "?secret=a%20b&x=1");
    assertThat(callback.header("content-type").orElse("")).startsWith("application/json");
    assertThat(callback.header("authorization")).isEmpty();
    assertThat(Json.read(callback.text())).isEqualTo(after.path("response"));
    assertThat(Json.read(callback.text()).path("success").booleanValue()).isTrue();
    assertThat(Json.read(callback.text()).path("trace_id"))
        .isEqualTo(answer.json().path("trace_id"));
    assertThat(api.post("/v1/midjourney/tasks", Json.of(Map.of("task_id", id))).json())
        .isEqualTo(api.post("/v1/midjourney/tasks", Json.of(Map.of("id", id))).json());
    assertThat(receiver.received(path)).hasSize(1);
  }

  @Test
  void line_3_veo_and_sora_answer_with_the_id_only() {
    for (String path : List.of("/veo/videos", "/sora/videos")) {
      Answer answer = api.post(path, "{\"action\":\"text2video\",\"prompt\":\"a paper boat\"}");

      assertThat(answer.status()).as("%s", answer).isEqualTo(200);
      assertThat(answer.json().propertyNames())
          .containsExactlyInAnyOrder("success", "task_id", "trace_id");
      JsonNode record =
          api.finished(Shapes.service(path), answer.json().path("task_id").asString());
      Shapes.assertSucceeded(record);
      assertThat(record.at("/response/data/0/video_url").asString()).startsWith("http");
    }
  }

  @Test
  void line_4_a_pending_record_is_pending_though_its_request_holds_urls() {
    String id =
        api.submit(
            "/kling/videos",
            """
            {"action": "image2video", "prompt": "[[sandbox hang]] a cat", "async": true,
             "start_image_url": "https://example.com/a.png",
             "image_list": [{"image_url": "https://example.com/b.png", "type": "first_frame"}]}
            """);

    JsonNode record = api.record("kling", id);

    assertThat(record.path("response")).isEqualTo(Json.read("{}"));
    assertThat(record.at("/request/image_list/0/image_url").asString())
        .isEqualTo("https://example.com/b.png");
  }

  @Test
  void line_5_a_failure_reaches_record_and_callback_and_costs_nothing() throws Exception {
    String path = "/line-5-" + UUID.randomUUID();

    String id =
        api.submit(
            "/midjourney/imagine",
            Json.of(
                Map.of(
                    "prompt",
                    "[[sandbox fail=forbidden]] a cat",
                    "callback_url",
                    receiver.url(path).toString())));
    JsonNode callback = Json.read(receiver.await(path, 1, SOON).getFirst().text());
    JsonNode record = api.record("midjourney", id);

    assertThat(callback).isEqualTo(record.path("response"));
    assertThat(callback.propertyNames())
        .containsExactlyInAnyOrder("success", "task_id", "trace_id", "error");
    assertThat(callback.path("success").booleanValue()).isFalse();
    assertThat(callback.at("/error/code").asString()).isEqualTo("forbidden");
    assertThat(api.task(id).at("/charge/charged").asString()).isEqualTo("0");
  }

  @Test
  void line_6_each_wrong_query_has_its_answer() {
    String unknown = Api.unknownId();

    assertThat(api.post("/midjourney/tasks", Json.of(Map.of("id", unknown))).text())
        .isEqualTo("{}");
    assertThat(api.post("/midjourney/tasks", "{\"id\":\"no-uuid\"}").text()).isEqualTo("{}");
    Shapes.assertError(
        api.post("/midjourney/tasks", "{\"action\":\"retrieve\"}"), 400, "bad_request");
    Shapes.assertError(api.post("/midjourney/imagin", "{}"), 404, "no_api");
    Shapes.assertError(api.anonymous().post("/midjourney/tasks", "{}"), 400, "no_token");
    Shapes.assertError(api.as("wrong").post("/midjourney/tasks", "{}"), 401, "invalid_token");
    Shapes.assertError(api.as("platform-x").post("/midjourney/tasks", "{}"), 401, "invalid_token");
  }

  @Test
  void line_7_batches_are_found_by_id_by_trace_by_page_and_by_time() {
    long before = System.currentTimeMillis() / 1000 - 1;
    String mark = "trace-" + UUID.randomUUID();
    String first =
        api.submit(
            "/seedream/images",
            "{\"prompt\":\"x\",\"async\":true,\"trace_id\":\"%s\"}".formatted(mark));
    String second = api.submit("/seedream/images", "{\"prompt\":\"y\",\"async\":true}");
    api.finished("seedream", first);
    api.finished("seedream", second);

    JsonNode byId =
        batch("\"ids\":[\"%s\",\"%s\",\"%s\"]".formatted(second, first, Api.unknownId()));
    JsonNode byTrace = batch("\"trace_ids\":[\"%s\"]".formatted(mark));
    JsonNode newest = batch("\"offset\":0,\"limit\":1");
    JsonNode next = batch("\"offset\":1,\"limit\":1");
    JsonNode since = batch("\"created_at_min\":%d,\"limit\":50".formatted(before));
    JsonNode until = batch("\"created_at_max\":%d,\"limit\":50".formatted(before - 86_400));

    assertThat(ids(byId)).containsExactlyInAnyOrder(first, second);
    assertThat(byId.path("count").intValue()).isEqualTo(2);
    assertThat(ids(byTrace)).containsExactly(first);
    assertThat(byTrace.at("/items/0/trace_id").asString()).isEqualTo(mark);
    assertThat(newest.path("items").size()).isEqualTo(1);
    assertThat(next.path("items").size()).isEqualTo(1);
    assertThat(ids(newest)).doesNotContainAnyElementsOf(ids(next));
    assertThat(newest.path("count").intValue()).isGreaterThanOrEqualTo(2);
    assertThat(ids(since)).contains(first, second);
    assertThat(until.path("items").size()).isZero();
    assertThat(byId.path("items").get(0))
        .isIn(api.record("seedream", first), api.record("seedream", second));
  }

  @Test
  void a_chosen_trace_id_is_the_record_s_and_finds_it() {
    String mark = "mine-" + UUID.randomUUID();
    Answer answer =
        api.post("/flux/images", Shapes.FLUX.replace("{", "{\"trace_id\":\"" + mark + "\","));
    String id = answer.json().path("task_id").asString();

    assertThat(answer.json().path("trace_id").asString()).isEqualTo(mark);
    assertThat(
            api.post("/flux/tasks", Json.of(Map.of("trace_id", mark))).json().path("id").asString())
        .isEqualTo(id);
  }

  private JsonNode batch(String fields) {
    Answer answer = api.post("/seedream/tasks", "{\"action\":\"retrieve_batch\"," + fields + "}");
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json();
  }

  private static List<String> ids(JsonNode page) {
    return page.path("items").valueStream().map(item -> item.path("id").asString()).toList();
  }
}
