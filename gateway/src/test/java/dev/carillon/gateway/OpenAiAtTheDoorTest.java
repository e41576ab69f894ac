package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.testkit.Await;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The API of OpenAI's clients over the sandbox, without any key.
final class OpenAiAtTheDoorTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String IMAGES = "/v1/images/generations";
  private static final String OTHER = "{\"prompt\":\"an \\\"openai_video\\\"\",\"async\":true}";
  private static final String HELLO =
      "{\"model\":\"any\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello, lighthouse\"}]%s}";

  @TempDir static Path folder;
  private static Door door;

  @BeforeAll
  static void open() {
    door = new Door(folder, Map.of());
  }

  @AfterAll
  static void close() {
    door.close();
  }

  private static JsonNode made(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json();
  }

  @Test
  void the_sandbox_says_that_it_is_no_model_and_repeats_what_it_was_told() {
    JsonNode first = made(door.post("/v1/chat/completions", HELLO.formatted("")));
    JsonNode again = made(door.post("/v1/openai/chat/completions", HELLO.formatted("")));

    assertThat(first.at("/choices/0/message/content").asString())
        .contains("sandbox")
        .contains("Hello, lighthouse");
    assertThat(first.at("/usage/total_tokens").asInt()).isPositive();
    assertThat(again.at("/choices")).isEqualTo(first.at("/choices"));
  }

  @Test
  void its_stream_says_the_same_word_by_word() {
    Answer answer = door.post("/v1/chat/completions", HELLO.formatted(",\"stream\":true"));

    String text =
        answer
            .response()
            .body()
            .lines()
            .filter(line -> line.startsWith("data: {"))
            .map(line -> JsonMapper.shared().readTree(line.substring(6)))
            .map(event -> event.at("/choices/0/delta/content").asString(""))
            .reduce("", String::concat);
    assertThat(text).startsWith("This is the Carillon sandbox").endsWith("Hello, lighthouse");
    assertThat(answer.response().body()).endsWith("data: [DONE]\n\n").doesNotContain("\"usage\"");
  }

  @Test
  void equal_texts_have_equal_vectors_of_length_one_however_they_are_written() {
    JsonNode answer =
        made(
            door.post(
                "/v1/embeddings",
                "{\"model\":\"any\",\"input\":[\"a\",\"b\",\"a\"],\"dimensions\":64}"));
    JsonNode packed =
        made(
            door.post(
                "/v1/embeddings",
                "{\"model\":\"any\",\"input\":\"a\",\"dimensions\":64,\"encoding_format\":\"base64\"}"));

    JsonNode first = answer.at("/data/0/embedding");
    double square = first.valueStream().mapToDouble(number -> Math.pow(number.asDouble(), 2)).sum();
    assertThat(first.size()).isEqualTo(64);
    assertThat(square).isCloseTo(1, within(1e-5));
    assertThat(answer.at("/data/2/embedding")).isEqualTo(first);
    assertThat(answer.at("/data/1/embedding")).isNotEqualTo(first);
    float unpacked =
        ByteBuffer.wrap(Base64.getDecoder().decode(packed.at("/data/0/embedding").asString()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getFloat();
    assertThat((double) unpacked).isCloseTo(first.get(0).asDouble(), within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"mp3, audio/mpeg, ID3", "wav, audio/wav, RIFF"})
  void speech_is_a_sound_file(String format, String type, String start) {
    Answer answer =
        door.post(
            "/v1/audio/speech",
            "{\"model\":\"any\",\"voice\":\"v\",\"input\":\"Good morning\",\"response_format\":\""
                + format
                + "\"}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo(type);
    assertThat(answer.response().body()).startsWith(start);
  }

  @Test
  void pictures_of_openais_models_come_as_base64_and_of_others_as_addresses() {
    JsonNode inline =
        made(
            door.post(IMAGES, "{\"model\":\"gpt-image-1\",\"prompt\":\"x\",\"size\":\"256x256\"}"));
    JsonNode address =
        made(
            door.post(
                IMAGES, "{\"model\":\"flux-dev\",\"prompt\":\"x\",\"n\":2,\"size\":\"256x256\"}"));

    byte[] picture = Base64.getDecoder().decode(inline.at("/data/0/b64_json").asString());
    assertThat(new String(picture, 1, 3, StandardCharsets.US_ASCII)).isEqualTo("PNG");
    assertThat(inline.path("created").isInt()).isTrue();
    assertThat(address.path("data").size()).isEqualTo(2);
    assertThat(address.at("/data/1/url").asString()).startsWith("http://127.0.0.1:");
    assertThat(address.at("/data/1").has("b64_json")).isFalse();
  }

  @Test
  void an_edit_needs_a_picture_and_a_model_that_can() {
    String edits = "/v1/images/edits";
    assertThat(door.post(edits, "{\"prompt\":\"x\"}").text("/error/param")).isEqualTo("image");
    assertThat(
            door.post(
                    edits,
                    "{\"prompt\":\"x\",\"model\":\"midjourney\",\"image\":\"https://e.example/a.png\"}")
                .text("/error/param"))
        .isEqualTo("model");
    JsonNode changed =
        made(
            door.post(
                edits,
                "{\"prompt\":\"x\",\"model\":\"dall-e-2\",\"image\":\"https://e.example/a.png\"}"));
    assertThat(changed.at("/data/0/url").asString()).startsWith("http");
  }

  @Test
  void a_repeat_under_a_key_makes_no_second_picture() {
    String body = "{\"model\":\"dall-e-3\",\"prompt\":\"once\"}";

    Answer first = door.post(IMAGES, body, "Idempotency-Key", "picture");
    Answer again = door.post(IMAGES, body, "Idempotency-Key", "picture");

    assertThat(again.text("/data/0/url")).isEqualTo(first.text("/data/0/url")).isNotEmpty();
    assertThat(again.header("Carillon-Task-Id")).isEqualTo(first.header("Carillon-Task-Id"));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"model\":\"gpt-image-1\"}', 400, prompt, ''",
    "'{\"model\":\"nobody\",\"prompt\":\"x\"}', 404, model, model_not_found",
    "'{\"model\":\"flux-dev\",\"prompt\":\"x\",\"n\":11}', 400, n, ''",
    "'{\"prompt\":\"x\",\"response_format\":\"gif\"}', 400, response_format, ''",
    "'{\"prompt\":\"[[sandbox moderated]]\"}', 400, '', moderation_blocked",
    "'{', 400, '', bad_request"
  })
  void what_is_refused_is_told_in_openais_words(
      String body, int status, String param, String code) {
    Answer answer = door.post(IMAGES, body);

    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.text("/error/message")).isNotEmpty();
    assertThat(answer.text("/error/type")).isNotEmpty();
    assertThat(answer.text("/error/param")).isEqualTo(param);
    assertThat(answer.text("/error/code")).isEqualTo(code);
    assertThat(answer.json().at("/error").has("param")).isTrue();
  }

  @Test
  void a_video_is_made_watched_fetched_listed_and_deleted() {
    JsonNode video =
        made(
            door.post(
                "/v1/videos",
                "{\"model\":\"sora-2\",\"prompt\":\"a fox\",\"seconds\":\"4\",\"size\":\"1280x720\"}"));
    String path = "/v1/videos/" + video.path("id").asString();
    assertThat(video.path("object").asString()).isEqualTo("video");
    assertThat(video.path("seconds").asString()).isEqualTo("4");
    assertThat(video.path("size").asString()).isEqualTo("1280x720");

    Await.until(
        "the video is completed", SOON, () -> door.get(path).text("/status").equals("completed"));
    JsonNode done = made(door.get(path));
    Answer file = door.get(path + "/content");
    Answer list = door.get("/v1/videos?limit=1");
    Answer thumbnail = door.get(path + "/content?variant=spritesheet");
    Answer deleted = door.delete(path);

    assertThat(done.path("progress").asInt()).isEqualTo(100);
    assertThat(done.path("prompt").asString()).isEqualTo("a fox");
    assertThat(done.path("expires_at").asLong()).isGreaterThan(done.path("completed_at").asLong());
    assertThat(file.header("Content-Type")).isEqualTo("video/mp4");
    assertThat(file.response().body()).contains("ftyp");
    assertThat(list.text("/data/0/id")).isEqualTo(video.path("id").asString());
    assertThat(thumbnail.text("/error/param")).isEqualTo("variant");
    assertThat(deleted.text("/object")).isEqualTo("video.deleted");
    assertThat(door.get(path).status()).isEqualTo(404);
    assertThat(door.get(path).text("/error/type")).isEqualTo("invalid_request_error");
  }

  @Test
  void a_video_that_fails_says_why() {
    JsonNode video = made(door.post("/v1/videos", "{\"prompt\":\"[[sandbox moderated]] x\"}"));
    String path = "/v1/videos/" + video.path("id").asString();

    Await.until("it failed", SOON, () -> door.get(path).text("/status").equals("failed"));

    assertThat(door.get(path).text("/error/code")).isEqualTo("forbidden");
    assertThat(door.get(path + "/content").status()).isEqualTo(400);
  }

  @Test
  void lists_go_on_after_a_video() {
    for (int i = 0; i < 3; i++) {
      made(door.post("/v1/videos", "{\"model\":\"veo3\",\"prompt\":\"v" + i + "\"}"));
    }

    JsonNode first = made(door.get("/v1/videos?limit=2"));
    JsonNode next =
        made(door.get("/v1/videos?limit=100&after=" + first.path("last_id").asString()));

    assertThat(first.path("data").size()).isEqualTo(2);
    assertThat(first.path("has_more").asBoolean()).isTrue();
    assertThat(first.at("/data/0/prompt").asString()).isEqualTo("v2");
    assertThat(next.at("/data/0/prompt").asString()).isEqualTo("v0");
    assertThat(next.path("has_more").asBoolean()).isFalse();
  }

  @Test
  void a_list_reaches_every_video_however_many_other_tasks_came_since() {
    try (var own = new Door(folder.resolve("many"), Map.of("first-credit", "1000000"))) {
      made(own.post("/v1/videos", "{\"model\":\"veo3\",\"prompt\":\"first\"}"));
      made(own.post("/v1/videos", "{\"model\":\"veo3\",\"prompt\":\"second\"}"));
      for (int i = 0; i < 1_010; i++) {
        made(own.post("/seedream/images", OTHER));
      }

      JsonNode newest = made(own.get("/v1/videos?limit=1"));
      JsonNode oldest = made(own.get("/v1/videos?limit=1&order=asc"));
      String last = oldest.path("last_id").asString();
      JsonNode next = made(own.get("/v1/videos?limit=1&order=asc&after=" + last));

      assertThat(newest.at("/data/0/prompt").asString()).isEqualTo("second");
      assertThat(newest.path("has_more").asBoolean()).isTrue();
      assertThat(oldest.at("/data/0/prompt").asString()).isEqualTo("first");
      assertThat(oldest.path("first_id").asString()).isEqualTo(last);
      assertThat(next.at("/data/0/prompt").asString()).isEqualTo("second");
      assertThat(next.path("has_more").asBoolean()).isFalse();
      assertThat(own.get("/v1/videos?after=nothing").text("/error/param")).isEqualTo("after");
      assertThat(own.get("/v1/videos?order=up").text("/error/param")).isEqualTo("order");
    }
  }

  @Test
  void all_models_are_listed_and_shown() {
    JsonNode list = made(door.get("/v1/models"));

    assertThat(list.path("data").findValuesAsString("id"))
        .contains("gpt-image-1", "sora-2", "flux-dev", "sandbox");
    assertThat(made(door.get("/v1/models/sora-2")).path("owned_by").asString()).isEqualTo("sora");
    assertThat(door.get("/v1/models/nobody").text("/error/code")).isEqualTo("model_not_found");
  }
}
