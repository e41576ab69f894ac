package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What is taken leniently and what is refused (contract sections 0.9 and 6.1).
final class RequestSchemaTest {
  private static final Catalog CATALOG = Catalog.load(Optional.empty());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /midjourney/imagine | {"prompt":"a cat"}
          /midjourney/imagine | {"prompt":"a cat","callback_url":"dummy"}
          /midjourney/imagine | {"action":"upscale1","image_id":"x"}
          /midjourney/imagine | {"prompt":"a","action":"","mode":null,"version":7,"hd":0,"timeout":"300"}
          /luma/videos        | {"action":null,"audio_urls":null,"prompt":"x","loop":false,"video_id":null,"timeout":0}
          /luma/videos        | {"prompt":"x","image_url":"https://a/b.png"}
          /veo/videos         | {"prompt":"x","image_url":"https://a/b.png"}
          /sora/videos        | {"prompt":"x","image_url":"https://a/b.png"}
          /kling/videos       | {"prompt":"x","image_url":"https://a/b.png","duration":"5"}
          /kling/videos       | {"action":"text2video","prompt":"x","cfg_scale":0,"camera_control":null,"image_list":[],"duration":5.0}
          /hailuo/videos      | {"prompt":"x","image_url":"https://a/b.png"}
          /wan/videos         | {"prompt":"x"}
          /seedance/videos    | {"prompt":"x"}
          /seedance/videos    | {"model":"doubao-seedance-1-0-pro-250528","content":[{"type":"text","text":"x"}],"ratio":"16:9","execution_expires_after":172800,"priority":0,"generate_audio":false}
          /nano-banana/images | {"prompt":"x"}
          /nano-banana/images | {"prompt":"x","image_urls":null,"count":0}
          /flux/images        | {"prompt":"x"}
          /seedream/images    | {"prompt":"x"}
          /openai/images/generations | {"prompt":"x","n":null,"background":""}
          /suno/audios        | {"prompt":"x"}
          /suno/audios        | {"prompt":"x","async":true,"audio_urls":["https://a/b.mp3"],"custom":false,"weirdness":0,"mashup_audio_ids":null}
          /producer/audios    | {"prompt":"x"}
          /producer/audios    | {"lyric":"l","action":"generate","prompt":"p","continue_at":false,"weirdness":false,"sound_strength":false,"instrumental":false,"replace_section_end":false}
          /fish/tts           | {"text":"x"}
          /fish/tts           | {"text":"x","prosody":{},"reference_id":["a","b"],"mp3_bitrate":0}
          /happyhorse/videos  | {"action":"generate","model":"happyhorse-1.1-t2v","prompt":"x","image_url":"https://a/b.png","video_url":"https://a/b.mp4","duration":5}
          /dreamina/videos    | {"image_url":"https://a/b.png","audio_url":"https://a/b.mp3","mask_url":[]}
          /digital-human/videos | {"image_url":"https://a/b.png","audio_url":"https://a/b.mp3"}
          /minimax/videos     | {"model":"MiniMax-H3","content":[{"type":"text","text":"x"}],"resolution":"768p","duration":6,"async":false}
          /maestro/videos     | {"prompt":"x"}
          """)
  void odd_bodies_of_official_clients_are_taken(String path, String body) {
    Checked checked = check(path, body);

    assertThat(checked.faults()).isEmpty();
    assertThat(checked.isUsable()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /midjourney/imagine | {}                                   | prompt or image_id is required
          /midjourney/imagine | {"prompt":"  "}                      | prompt or image_id is required
          /midjourney/imagine | {"prompt":{"a":1}}                   | prompt must be a text, but an object was sent.
          /midjourney/imagine | {"prompt":["a"]}                     | prompt must be a text, but a list was sent.
          /midjourney/imagine | {"prompt":true}                      | prompt must be a text, but true was sent.
          /midjourney/imagine | {"prompt":"a","action":"explode"}    | action is invalid. 'explode' is not one of: generate,
          /midjourney/imagine | {"prompt":"a","mode":"slow"}         | mode is invalid. 'slow' is not one of: fast, relax, turbo.
          /midjourney/imagine | {"action":"upscale1"}                | image_id is required unless action is generate
          /midjourney/imagine | {"prompt":"a","timeout":"soon"}      | timeout must be a number from 1 to 3600, but a text was sent.
          /suno/audios        | {"prompt":"a","model":"gpt-5"}       | model is invalid. 'gpt-5' is not one of: chirp-v6, chirp-v5-5
          /veo/videos         | {"prompt":"a","model":"veoh-1"}      | model is invalid. 'veoh-1' is not one of: veo3,
          /pika/videos        | {"prompt":"a","model":"pika-2"}      | model is invalid. 'pika-2' is not one of: 2.0, 1.5.
          /wan/videos         | {"prompt":"a","model":"-wan"}        | model is invalid. '-wan' is not one of: wan2.6-t2v
          /suno/audios        | {"model":"chirp-v4"}                 | prompt or lyric or lyric_prompt or style or title or audio_id or audio_urls or mashup_audio_ids is required
          /suno/audios        | {"prompt":"a","duration":2.5}        | duration must be a whole number from 1 to 600, but 2.5 was sent.
          /suno/wav           | {"audio_id":null}                    | audio_id is required: send a text.
          /nano-banana/images | {"prompt":"a","count":9}             | count must be a whole number from 1 to 4, but 9 was sent.
          /flux/images        | {"prompt":"a","count":1e400}         | count must be a whole number from 1 to 10, but a number was sent.
          /kling/videos       | {"prompt":"a","camera_control":"up"} | camera_control must be an object, but a text was sent.
          /kling/videos       | {"image_list":[{"type":"first_frame"}]} | image_list[0].image_url is required: send an address.
          /kling/lip-sync     | {"text":"a"}                         | video_id or video_url is required
          /seedance/videos    | {"content":[{"type":"smell"}]}       | content[0].type is invalid. 'smell' is not one of: text
          /fish/tts           | {"text":"a","mp3_bitrate":65}        | mp3_bitrate must be one of 64, 128, 192, but 65 was sent.
          /luma/videos        | {"prompt":"a","loop":"perhaps"}      | loop must be true or false, but a text was sent.
          /maestro/videos     | {"prompt":"a","action":"remix"}      | ref_task_id is required when action is remix
          """)
  void unusable_bodies_are_refused_with_the_field_and_what_to_change(
      String path, String body, String message) {
    Checked checked = check(path, body);

    assertThat(checked.faults()).hasSize(1);
    assertThat(checked.message()).startsWith(message);
    assertThat(checked.faults().getFirst().field()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/suno/audios, model, chirp-v7",
    "/seedream/images, model, doubao-seedream-6-0-270101",
    "/nano-banana/images, model, nano-banana-3",
    "/kling/videos, model, kling-o2",
    "/kling/motion, model_name, kling-v4",
    "/wan/videos, model, Wan4.0-Video",
    "/minimax/videos, model, MiniMax-H4",
    "/pika/videos, model, 2.5",
    "/openai/images/edits, model, gpt-image-3"
  })
  void a_model_released_after_us_is_taken_as_it_is_written(
      String path, String field, String model) {
    Checked checked = check(path, "{\"prompt\":\"a\",\"%s\":\"%s\"}".formatted(field, model));

    assertThat(checked.faults()).noneMatch(fault -> fault.field().equals(field));
    assertThat(checked.cleaned().path(field).asString()).isEqualTo(model);
  }

  @Test
  void a_known_model_is_told_in_its_own_spelling_and_an_endless_one_is_refused() {
    assertThat(check("/minimax/videos", "{\"model\":\"minimax-h3\"}").cleaned().path("model"))
        .hasToString("\"MiniMax-H3\"");
    assertThat(check("/suno/audios", "{\"model\":\"chirp-" + "9".repeat(300) + "\"}").message())
        .contains("model is invalid.")
        .hasSizeLessThan(500);
  }

  @Test
  void a_prompt_may_be_an_object_of_texts_and_auto_is_no_number() {
    Checked texts = check("/suno/audios", "{\"prompt\":{\"text\":\"snow\",\"mood\":\"calm\"}}");
    Checked other = check("/suno/audios", "{\"prompt\":{\"tempo\":90}}");
    Checked auto = check("/flux/videos", "{\"prompt\":\"a\",\"duration\":\"auto\"}");

    assertThat(texts.cleaned().path("prompt").asString()).isEqualTo("snow\ncalm");
    assertThat(other.cleaned().path("prompt").asString()).isEqualTo("{\"tempo\":90}");
    assertThat(auto.cleaned().path("duration").asInt()).isEqualTo(5);
  }

  @Test
  void all_faults_are_told_at_once_in_the_order_of_the_schema() {
    Checked checked =
        check(
            "/midjourney/imagine",
            "{\"mode\":\"slow\",\"prompt\":{\"a\":1},\"version\":\"99\",\"timeout\":-1}");

    assertThat(checked.faults().stream().map(Fault::field))
        .containsExactly("prompt", "mode", "version", "timeout");
    assertThat(checked.message()).contains("mode is invalid.").contains("version is invalid.");
  }

  @Test
  void a_million_characters_are_too_many_and_the_text_is_not_repeated() {
    Checked checked = check("/veo/videos", "{\"prompt\":\"" + "x".repeat(1_000_000) + "\"}");

    assertThat(checked.message())
        .isEqualTo("prompt is too long: 1000000 characters were sent; at most 20000 are taken.");
    assertThat(check("/veo/videos", "{\"action\":\"" + "x".repeat(50_000) + "\"}").message())
        .hasSizeLessThan(400);
  }

  @Test
  void lists_over_their_limit_are_refused() {
    String urls = String.join(",", java.util.Collections.nCopies(11, "\"https://a/b.png\""));

    assertThat(check("/veo/videos", "{\"image_urls\":[" + urls + "]}").message())
        .startsWith("image_urls has 11 elements; send at most 10 of them.");
  }

  @Test
  void the_cleaned_body_has_documented_types_and_defaults_and_no_unknown_fields() {
    Checked checked =
        check(
            "/kling/videos",
            """
            {"prompt":7,"duration":"10","generate_audio":"true","MODE":1,"mode":"PRO",
             "cfg_scale":"0.5","unknown":{"a":1},"model":"","image_list":{"image_url":"https://a/b"},
             "async":true,"callback_url":"dummy","trace_id":"t-1"}\
            """);

    assertThat(checked.faults()).isEmpty();
    assertThat(checked.cleaned())
        .isEqualTo(
            object(
                """
                {"action":"text2video","model":"kling-v1","mode":"pro","prompt":"7","duration":10,
                 "generate_audio":true,"cfg_scale":0.5,"image_list":[{"image_url":"https://a/b"}],
                 "async":true,"callback_url":"dummy","trace_id":"t-1"}\
                """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "{\"a\":1}", "[\"x\"]", "true", "\"\"", "null", "0"})
  void no_callback_url_ever_refuses_a_request(String value) {
    for (String field : List.of("callback_url", "async", "trace_id")) {
      assertThat(
              check("/suno/audios", "{\"prompt\":\"a\",\"%s\":%s}".formatted(field, value))
                  .faults())
          .as(field)
          .isEmpty();
    }
  }

  @Test
  void the_sent_body_is_not_changed() {
    ObjectNode body = object("{\"prompt\":\"a\",\"count\":\"2\",\"model\":null}");
    ObjectNode copy = body.deepCopy();

    schema("/flux/images").check(body);

    assertThat(body).isEqualTo(copy);
  }

  private static Checked check(String path, String body) {
    return schema(path).check(object(body));
  }

  private static RequestSchema schema(String path) {
    return CATALOG.find("POST", path).orElseThrow().endpoint().request();
  }

  private static ObjectNode object(String json) {
    return JsonMapper.shared().readTree(json).asObject();
  }
}
