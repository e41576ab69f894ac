package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The rules that break clients when they are broken: contract section 0, by number. Rule 3 and 5
/// stand in [ServicesIT], for every service; rule 12 in [WaitingIT].
@ExtendWith(SharedGateway.class)
@Execution(ExecutionMode.CONCURRENT)
final class RulesIT {
  private final Api api;

  RulesIT(Api api) {
    this.api = api;
  }

  @ParameterizedTest
  @CsvSource({
    "/midjourney/imagine, midjourney",
    "/suno/audios, suno",
    "/veo/videos, veo",
    "/luma/videos, luma",
    "/flux/images, flux",
    "/nano-banana/images, nano-banana"
  })
  void rule_1_an_unfinished_task_has_an_empty_response_and_no_end(String path, String service) {
    String id =
        api.submit(
            path,
            """
            {"prompt": "[[sandbox hang]] a cat", "action": "generate", "model": null, "async": true,
             "size": "1024x1024", "image_url": "https://example.com/cat.png",
             "callback_url": "dummy"}
            """
                .replace(
                    "\"generate\"", service.equals("veo") ? "\"text2video\"" : "\"generate\""));

    JsonNode record = api.record(service, id);

    assertThat(record.path("response").isObject()).isTrue();
    assertThat(record.path("response").isEmpty()).isTrue();
    assertThat(record.has("finished_at")).isFalse();
    assertThat(record.has("elapsed")).isFalse();
    assertThat(record.has("success")).isFalse();
    assertThat(record.path("request").path("image_url").asString())
        .isEqualTo("https://example.com/cat.png");
    assertThat(SdkReading.status(record)).isEmpty();
    assertThat(api.post("/v1/tasks/" + id + "/cancel", "").status()).isEqualTo(200);
  }

  @Test
  void rule_2_the_reply_to_a_submission_holds_no_url_and_nothing_more_than_ids() {
    Answer answer =
        api.post(
            "/luma/videos",
            """
            {"prompt": "a cat", "async": true, "start_image_url": "https://example.com/a.png",
             "end_image_url": "https://example.com/b.png", "callback_url": "http://127.0.0.1:9/x"}
            """);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("success", "task_id", "trace_id");
    assertThat(answer.json().path("success").booleanValue()).isTrue();
    assertThat(SdkReading.artifactUrls(answer.json())).isEmpty();
    assertThat(answer.json().path("task_id").asString()).matches(Shapes.UUID);
    assertThat(answer.json().path("trace_id").asString()).matches(Shapes.UUID);
  }

  @Test
  void rule_2_fish_tells_when_it_started_too() {
    Answer answer = api.post("/fish/tts", "{\"text\": \"hello\", \"async\": true}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().propertyNames())
        .containsExactlyInAnyOrder("success", "task_id", "trace_id", "started_at");
    assertThat(answer.json().path("started_at").asString()).endsWith("Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"forbidden", "api_error", "timeout", "busy", "bad_request"})
  void rule_4_a_failed_task_ends_with_a_structured_error(String code) {
    String id =
        api.submit(
            "/midjourney/imagine",
            "{\"prompt\": \"[[sandbox fail=%s]] a cat\", \"async\": true}".formatted(code));

    JsonNode record = api.finished("midjourney", id);

    JsonNode response = record.path("response");
    assertThat(record.path("finished_at").isNumber()).isTrue();
    assertThat(record.path("elapsed").isNumber()).isTrue();
    assertThat(response.path("success").isBoolean()).isTrue();
    assertThat(response.path("success").booleanValue()).isFalse();
    assertThat(response.path("task_id").asString()).isEqualTo(id);
    assertThat(response.path("trace_id").asString()).isEqualTo(record.path("trace_id").asString());
    assertThat(response.at("/error/code").asString()).isEqualTo(code);
    assertThat(response.at("/error/message").asString()).isNotBlank();
    assertThat(SdkReading.status(record)).isEqualTo("failed");
  }

  @Test
  void rule_6_a_generic_record_has_no_status_of_its_own() {
    String open = api.submit("/suno/audios", "{\"prompt\":\"[[sandbox hang]] x\",\"async\":true}");
    String ended = api.submit("/suno/audios", "{\"prompt\":\"a song\",\"async\":true}");

    assertThat(api.record("suno", open).has("status")).isFalse();
    assertThat(api.finished("suno", ended).has("status")).isFalse();
  }

  @Test
  void rule_7_the_id_may_be_called_id_or_task_id_and_the_action_may_be_missing() {
    String id = api.submit("/flux/images", Shapes.FLUX);
    JsonNode record = api.finished("flux", id);

    for (String query :
        List.of(
            "{\"id\":\"%s\"}",
            "{\"task_id\":\"%s\"}",
            "{\"action\":\"retrieve\",\"task_id\":\"%s\"}",
            "{\"action\":\"retrieve\",\"id\":\"%s\"}",
            "{\"action\":null,\"id\":\"\",\"task_id\":\"%s\"}")) {
      assertThat(api.post("/flux/tasks", query.formatted(id)).json()).isEqualTo(record);
    }
  }

  @Test
  void rule_7_digital_human_takes_an_array_of_task_ids() {
    String body = "{\"image_url\":\"https://example.com/a.png\",\"text\":\"hi\",\"async\":true}";
    String first = api.submit("/digital-human/videos", body);
    String second = api.submit("/digital-human/videos", body);

    Answer answer =
        api.post(
            "/digital-human/tasks",
            "{\"action\":\"retrieve_batch\",\"task_id\":[\"%s\",\"%s\"]}".formatted(first, second));

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.json().path("count").intValue()).isEqualTo(2);
    assertThat(answer.json().path("items").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/v1", "/", "//v1", "/v1/", "/v1/v1", "/v1//v1/", "/v1/v1/v1"})
  void rule_8_paths_may_begin_with_any_number_of_v1_and_slashes(String prefix) {
    Answer answer = api.post(prefix + "/flux/images", Shapes.FLUX);

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    String id = answer.json().path("task_id").asString();
    assertThat(api.post(prefix + "/flux/tasks", "{\"id\":\"" + id + "\"}").json().path("id"))
        .isEqualTo(answer.json().path("task_id"));
  }

  @Test
  void rule_8_nanobanana_and_digitalhuman_are_other_names() {
    String image = api.submit("/nanobanana/images", "{\"prompt\":\"a cat\",\"async\":true}");
    String video =
        api.submit(
            "/digital-human/videos",
            "{\"video_url\":\"https://example.com/a.mp4\",\"audio_url\":\"https://example.com/a.mp3\",\"async\":true}");

    assertThat(api.finished("nanobanana", image)).isEqualTo(api.record("nano-banana", image));
    assertThat(api.record("digitalhuman", video).path("task_id").asString()).isEqualTo(video);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/suno/audios | {\"audio_urls\":null,\"prompt\":\"x\",\"custom\":false,\"continue_at\":false,\"lyric\":\"\",\"async\":true}",
        "/producer/audios | {\"action\":\"generate\",\"prompt\":\"x\",\"lyric\":\"\",\"weirdness\":false,\"sound_strength\":false,\"seed\":null,\"async\":true}",
        "/kling/videos | {\"action\":\"text2video\",\"prompt\":\"x\",\"duration\":5.0,\"cfg_scale\":null,\"camera_control\":null,\"video_id\":\"\",\"async\":true}",
        "/sora/videos | {\"prompt\":\"x\",\"duration\":15.0,\"image_urls\":[],\"size\":\"\",\"nonsense\":{\"a\":[1]},\"async\":true}",
        "/luma/videos | {\"prompt\":\"x\",\"timeout\":null,\"loop\":false,\"video_id\":\"\",\"video_url\":\"\",\"callback_url\":null,\"async\":true}",
        "/midjourney/imagine | {\"prompt\":\"x\",\"timeout\":false,\"version\":null,\"hd\":null,\"mask\":\"\",\"image_id\":\"\",\"async\":true}"
      })
  void rule_9_unknown_fields_nulls_and_neutral_values_are_accepted(String path, String body) {
    String id = api.submit(path, body);

    JsonNode record = api.finished(Shapes.service(path), id);

    assertThat(record.at("/response/success").booleanValue()).as("%s", record).isTrue();
    assertThat(record.path("request")).isEqualTo(Json.read(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dummy",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1",
        "ftp://example.com/x",
        "https://no-such-host.invalid/hook",
        "javascript:alert(1)"
      })
  void rule_10_no_callback_url_ever_fails_a_task(String url) {
    Answer answer =
        api.post(
            "/midjourney/imagine",
            "{\"prompt\":\"a cat\",\"callback_url\":%s}".formatted(Json.quoted(url)));

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.json().has("image_url")).isFalse();
    JsonNode record = api.finished("midjourney", answer.json().path("task_id").asString());
    assertThat(record.at("/response/success").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/no/such, 404, no_api",
    "/midjourney/nothing, 404, no_api",
    "/midjourney/tasks, 400, bad_request",
    "/midjourney/imagine, 400, bad_request",
    "/maestro/tasks?, 404, not_found",
    "/digital-human/tasks?, 404, no_task"
  })
  void rule_11_an_error_is_always_the_same_envelope(String path, int status, String code) {
    String body = path.endsWith("?") ? "{\"id\":\"" + Api.unknownId() + "\"}" : "{}";

    Answer answer = api.post(path.replace("?", ""), body);

    Shapes.assertError(answer, status, code);
  }
}
