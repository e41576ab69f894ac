package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a careless or hostile client sends: each is told what is wrong, and nothing else happens.
@ExtendWith(SharedGateway.class)
@Execution(ExecutionMode.CONCURRENT)
final class BadInputIT {
  private static final String IMAGINE = "/midjourney/imagine";

  private final Api api;

  BadInputIT(Api api) {
    this.api = api;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "\"prompt\"",
        "42",
        "{",
        "{\"prompt\":\"x\"",
        "{'prompt':1}",
        "{} {}"
      })
  void a_body_that_is_no_json_object_is_refused(String body) {
    Shapes.assertError(api.post(IMAGINE, body), 400, "bad_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"prompt\":{\"a\":1}}", "{\"prompt\":[1,2]}", "{\"prompt\":true}"})
  void a_field_of_the_wrong_type_is_named(String body) {
    Shapes.assertBadField(api.post(IMAGINE, body), "prompt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"prompt\":null}", "{\"prompt\":\"\"}", "{\"mode\":\"fast\"}"})
  void a_missing_field_is_named(String body) {
    Shapes.assertBadField(api.post(IMAGINE, body), "prompt");
  }

  @Test
  void an_unknown_action_is_named() {
    Shapes.assertBadField(
        api.post(IMAGINE, "{\"prompt\":\"x\",\"action\":\"frobnicate\",\"async\":true}"), "action");
    Shapes.assertBadField(
        api.post("/midjourney/tasks", "{\"action\":\"frobnicate\",\"id\":\"x\"}"), "action");
  }

  @Test
  void a_body_of_ten_megabytes_is_too_large() {
    byte[] body =
        ("{\"prompt\":\"" + "x".repeat(10 << 20) + "\"}").getBytes(StandardCharsets.UTF_8);

    Shapes.assertError(api.post(IMAGINE, body), 413, "request_too_large");
  }

  @Test
  void json_ten_thousand_deep_is_refused() {
    String deep = "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000);
    String arrays = "{\"prompt\":\"x\",\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";

    Shapes.assertError(api.post(IMAGINE, deep), 400, "bad_request");
    Shapes.assertError(api.post(IMAGINE, arrays), 400, "bad_request");
  }

  @Test
  void invalid_utf_8_is_refused() {
    byte[] body = "{\"prompt\":\"a?b\",\"async\":true}".getBytes(StandardCharsets.US_ASCII);
    for (byte wrong : new byte[] {(byte) 0xff, (byte) 0xc3, (byte) 0x80}) {
      body[12] = wrong;

      Shapes.assertError(api.post(IMAGINE, body), 400, "bad_request");
    }
  }

  @Test
  void a_field_sent_twice_is_named() {
    Shapes.assertBadField(
        api.post(IMAGINE, "{\"prompt\":\"one\",\"prompt\":\"two\",\"async\":true}"), "prompt");
  }

  @Test
  void another_content_type_is_refused() {
    Answer answer =
        api.post(IMAGINE, "prompt=a+cat", "content-type", "application/x-www-form-urlencoded");

    Shapes.assertError(answer, 415, "unsupported_media_type");
  }

  @Test
  void a_charset_in_the_content_type_is_fine() {
    Answer answer =
        api.post(
            IMAGINE,
            "{\"prompt\":\"é\",\"async\":true}",
            "content-type",
            "application/json; charset=UTF-8");

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
  }

  @Test
  void no_token_and_wrong_tokens_are_told_apart() {
    String body = "{\"prompt\":\"x\",\"async\":true}";

    Shapes.assertError(api.anonymous().post(IMAGINE, body), 400, "no_token");
    Shapes.assertError(api.as("x".repeat(2_000)).post(IMAGINE, body), 401, "invalid_token");
    Shapes.assertError(api.as("nonsense").post(IMAGINE, body), 401, "invalid_token");
    Shapes.assertError(
        api.anonymous().post(IMAGINE, body, "authorization", "******"), 401, "invalid_token");
    Shapes.assertError(
        api.anonymous().post(IMAGINE, body, "authorization", "Basic dTpw"), 401, "invalid_token");
  }

  @Test
  void the_path_is_checked_before_the_token_and_the_token_before_the_body() {
    Shapes.assertError(api.anonymous().post("/no/such", "{"), 404, "no_api");
    Shapes.assertError(api.anonymous().post(IMAGINE, "{"), 400, "no_token");
    Shapes.assertError(api.as("nonsense").post(IMAGINE, "{"), 401, "invalid_token");
  }

  @Test
  void another_method_is_not_allowed() {
    Answer answer = api.send(api.request(IMAGINE).DELETE());

    Shapes.assertError(answer, 405, "method_not_allowed");
    assertThat(answer.header("allow").orElse("")).contains("POST");
  }

  @Test
  void unknown_tasks_look_unknown_in_the_way_of_their_service() {
    String query = "{\"id\":\"" + Api.unknownId() + "\"}";

    assertThat(api.post("/suno/tasks", query).text()).isEqualTo("{}");
    assertThat(api.post("/openai/tasks", query).text()).isEqualTo("{}");
    Shapes.assertError(api.post("/maestro/tasks", query), 404, "not_found");
    Shapes.assertError(api.post("/digital-human/tasks", query), 404, "no_task");
    Shapes.assertError(api.get("/v1/tasks/" + Api.unknownId()), 404, "not_found");
  }

  @Test
  void a_task_of_another_service_looks_unknown() {
    String id = api.submit("/flux/images", Shapes.FLUX);

    assertThat(api.post("/suno/tasks", "{\"id\":\"" + id + "\"}").text()).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no-uuid",
        "../../etc/passwd",
        "' OR 1=1 --",
        "00000000-0000-0000-0000-000000000000",
        "0190aaaa",
        "é"
      })
  void a_bad_id_finds_nothing(String id) {
    Answer compatible = api.post("/suno/tasks", "{\"id\":" + Json.quoted(id) + "}");

    assertThat(compatible.status()).isEqualTo(200);
    assertThat(compatible.text()).isEqualTo("{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-uuid", "%00", "0190aaaa", "%C3%A9", "x%2Fy"})
  void a_bad_id_finds_nothing_in_the_native_api(String id) {
    Answer answer = api.get("/v1/tasks/" + id);

    assertThat(answer.status()).as("%s", answer).isIn(400, 404);
    assertThat(answer.errorCode()).isIn("bad_request", "not_found", "no_api");
  }

  @Test
  void ten_thousand_ids_in_one_batch_are_bounded() {
    String ids =
        IntStream.range(0, 10_000)
            .mapToObj(_ -> "\"" + Api.unknownId() + "\"")
            .collect(Collectors.joining(","));

    Answer answer =
        api.post("/suno/tasks", "{\"action\":\"retrieve_batch\",\"ids\":[" + ids + "]}");

    Shapes.assertBadField(answer, "ids");
  }

  @Test
  void a_prompt_of_a_million_characters_is_refused_by_name() {
    String prompt = "x".repeat(1_000_000);

    Shapes.assertBadField(
        api.post(IMAGINE, "{\"prompt\":\"" + prompt + "\",\"async\":true}"), "prompt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wait=abc", "wait=-1s", "wait=1h30"})
  void the_native_api_is_strict_about_its_parameters(String query) {
    String id = api.submit("/flux/images", Shapes.FLUX);

    Shapes.assertBadField(api.get("/v1/tasks/" + id + "?" + query), "wait");
  }

  @Test
  void the_native_list_is_strict_about_its_parameters() {
    Shapes.assertBadField(api.get("/v1/tasks?limit=0"), "limit");
    Shapes.assertBadField(api.get("/v1/tasks?limit=100000"), "limit");
    Shapes.assertBadField(api.get("/v1/tasks?limit=x"), "limit");
    Shapes.assertBadField(api.get("/v1/tasks?state=frobnicated"), "state");
  }

  @Test
  void no_answer_tells_of_the_inside() {
    for (String body :
        new String[] {"{\"prompt\":1e999}", "{\"prompt\":\"\\ud800\"}", "{\"\":1}"}) {
      Answer answer = api.post(IMAGINE, body);

      assertThat(answer.status()).as("%s", answer).isLessThan(500);
      assertThat(answer.text())
          .doesNotContain("Exception", "dev.carillon", "tools.jackson", "at java.");
    }
  }
}
