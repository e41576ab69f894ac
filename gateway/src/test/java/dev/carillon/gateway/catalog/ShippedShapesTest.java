package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Every shipped answer, rendered with made-up works, keeps the rules that clients live by.
final class ShippedShapesTest {
  private static final Set<String> SUCCESS =
      Set.of("succeed", "succeeded", "success", "completed", "complete", "finished");
  private static final Catalog CATALOG = Catalog.load(Optional.empty());
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  /// Helpers that are always answered inline, whose contract form has a state but no address.
  private static final Set<String> NEVER_POLLED =
      Set.of("/suno/lyrics", "/suno/mashup-lyrics", "/producer/lyrics", "/fish/model");

  @Test
  void every_answer_has_absolute_addresses_and_a_success_word_beside_them() {
    for (Endpoint endpoint : CATALOG.endpoints()) {
      JsonNode answer = render(endpoint, body());
      var urls = new ArrayList<String>();
      var words = new TreeSet<String>();
      gather(answer, "", urls, words);

      assertThat(urls).as(endpoint.path()).allSatisfy(u -> assertThat(u).startsWith("http://"));
      if (!words.isEmpty()
          && !NEVER_POLLED.contains(endpoint.path())
          && endpoint.style() != Style.DIRECT) {
        assertThat(words).as(endpoint.path()).containsAnyElementsOf(SUCCESS);
        boolean voice = endpoint.path().equals("/digital-human/voices");
        assertThat(urls.isEmpty()).as(endpoint.path() + answer).isEqualTo(voice);
      }
      assertThat(answer.has("success") || answer.has("task_id") || answer.has("trace_id"))
          .as(endpoint.path())
          .isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /midjourney/imagine | image_id,image_url,image_width,image_height,raw_image_url,raw_image_width,raw_image_height,progress,actions
          /midjourney/edits   | image_id,image_url,sub_image_urls,progress
          /midjourney/videos  | video_id,video_urls.3,image_url,image_width,image_height,progress
          /midjourney/describe | descriptions.3
          /midjourney/shorten | prompts.0
          /midjourney/translate | content
          /midjourney/seed    | seed,data.seed
          /suno/audios        | data.1.id,data.0.title,data.0.style,data.0.lyric,data.0.prompt,data.0.model,data.0.state,data.0.duration,data.0.audio_url,data.0.image_url,data.0.video_url,data.0.created_at
          /suno/vox           | data.id,data.status,data.vocal_start_s,data.vocal_end_s,data.source_clip_id,data.vocal_audio_url,data.wave_response
          /suno/wav           | data.0.file_url
          /suno/mp4           | data.video_url
          /suno/lyrics        | started_at,finished_at,elapsed,data.0.title,data.0.text,data.0.tags,data.0.status
          /suno/persona       | data.persona_id
          /veo/videos         | data.0.id,data.0.video_url,data.0.created_at,data.0.complete_at,data.0.state
          /sora/videos        | data.0.id,data.0.video_url,data.0.state
          /luma/videos        | video_id,prompt,video_url,video_width,video_height,state,thumbnail_url,thumbnail_width,thumbnail_height
          /kling/videos       | video_id,video_url,duration,state
          /kling/talking-photo | source_video_url
          /hailuo/videos      | data.0.id,data.0.model,data.0.prompt,data.0.video_url,data.0.state
          /wan/videos         | video_id,video_url,state,thumbnail_url
          /seedance/videos    | data.task_id,data.status,data.video_url,data.model,data.content.video_url
          /seedream/images    | data.0.prompt,data.0.image_url,data.0.size
          /flux/images        | data.0.prompt,data.0.image_url,data.0.seed
          /nano-banana/images | data.0.prompt,data.0.image_url
          /producer/audios    | data.0.id,data.0.title,data.0.lyric,data.0.sound,data.0.model,data.0.progress,data.0.duration,data.0.audio_url,data.0.image_url,data.0.created_at
          /fish/tts           | audio_url,data.0.audio_url
          /fish/model         | _id,type,state,title,visibility
          /openai/images/generations | created,data.0.url
          /dreamina/videos    | data.task_id,data.status,data.state,data.video_url,data.image_url,data.audio_url
          /happyhorse/videos  | data.0.id,data.0.video_url,data.0.state,data.0.duration,data.0.resolution,data.0.ratio
          /digital-human/videos | video_url,duration,width,height,engine,state
          /digital-human/voices | voice_id,state
          /maestro/videos     | data.variants.0.output_url,data.variants.0.lang,data.variants.0.kind,data.project.tarball_url,data.project.outputs,data.percent,data.stage,data.progress.0.pct
          /grok/videos        | data.0.id,data.0.video_url,data.0.state,data.0.status
          /gemini/videos      | data.0.id,data.0.video_url,data.0.state
          /minimax/videos     | content.url,model,resolution,duration,ratio,usage.total_seconds,task_type,modality
          /pika/videos        | data.0.id,data.0.video_url,data.0.image_url,data.0.duration,data.0.state
          /pixverse/videos    | data.0.id,data.0.video_url,data.0.model,data.0.seed
          /webextrator/extract | started_at,finished_at,elapsed,data
          /headshots/generate | state,image_urls
          /qrart/generate     | state,image_url
          /kickart/videos     | state,status,video_url
          /captcha/token/hcaptcha | token
          """)
  void fields_of_the_contract_are_present(String path, String fields) {
    JsonNode answer = render(CATALOG.find("POST", path).orElseThrow().endpoint(), body());

    for (String field : fields.split(",", -1)) {
      JsonNode at = answer;
      for (String step : field.split("\\.", -1)) {
        at = step.matches("\\d+") ? at.path(Integer.parseInt(step)) : at.path(step);
      }
      assertThat(at.isMissingNode()).as(field + " in " + answer).isFalse();
    }
  }

  @Test
  void special_forms_are_as_documented() {
    assertThat(field("/kling/videos", "duration").isString()).isTrue();
    assertThat(field("/kling/lip-sync", "duration").isNumber()).isTrue();
    assertThat(field("/producer/audios", "data").get(0).path("video_url").isNull()).isTrue();
    assertThat(field("/sora/videos", "data").get(0).path("id").asString())
        .startsWith("sora-2:task_");
    assertThat(field("/dreamina/videos", "data").path("task_id").asString()).doesNotContain("-");
    assertThat(field("/seedance/videos", "data").path("task_id").asString()).startsWith("cgt-");
  }

  @Test
  void midjourneys_actions_follow_from_what_was_done() {
    Endpoint imagine = CATALOG.find("POST", "/midjourney/imagine").orElseThrow().endpoint();
    ObjectNode upscale = body().put("action", "upscale2").put("split_images", true);

    JsonNode grid = render(imagine, body().put("action", "generate"));
    JsonNode single = render(imagine, upscale);

    assertThat(grid.path("actions").get(0).asString()).isEqualTo("upscale1");
    assertThat(grid.has("sub_image_urls")).isFalse();
    assertThat(single.path("actions").get(0).asString()).isEqualTo("upscale_2x");
    assertThat(single.path("sub_image_urls").size()).isEqualTo(4);
  }

  @Test
  void the_sandbox_is_told_what_to_make() {
    for (Endpoint endpoint : CATALOG.endpoints()) {
      Map<String, Object> plan = endpoint.plan(endpoint.request().check(body()).cleaned());
      assertThat(plan).as(endpoint.path()).containsKeys("kind", "count");
      assertThat(plan.get("kind"))
          .as(endpoint.path())
          .isIn("grid", "image", "video", "song", "speech", "text", "none");
      assertThat(plan.get("count")).as(endpoint.path()).isInstanceOf(Integer.class);
    }
    Endpoint suno = CATALOG.find("POST", "/suno/audios").orElseThrow().endpoint();
    assertThat(suno.plan(body().put("action", "all_stems"))).containsEntry("count", 24);
    assertThat(suno.plan(body().put("duration", 90)))
        .containsEntry("count", 2)
        .containsEntry("duration", 90);
  }

  private static JsonNode field(String path, String name) {
    return render(CATALOG.find("POST", path).orElseThrow().endpoint(), body()).path(name);
  }

  @Test
  void the_title_of_a_film_holds_no_script_words() {
    Endpoint films = CATALOG.find("POST", "/maestro/videos").orElseThrow().endpoint();

    JsonNode answer = render(films, body().put("prompt", "bells [[sandbox take=1s]]"));

    assertThat(answer.at("/data/variants/0/title").asString()).doesNotContain("sandbox");
  }

  private static JsonNode render(Endpoint endpoint, ObjectNode body) {
    ObjectNode request = endpoint.request().check(body).cleaned();
    Object kind = endpoint.plan(request).get("kind");
    int count = endpoint.plan(request).get("count") instanceof Integer n ? n : 1;
    List<Map<String, Object>> works = Collections.nCopies(count, work(String.valueOf(kind)));
    var context =
        new Shape.Context(request, works, "the-task", "the-trace", NOW, NOW.plusSeconds(3));
    return JsonMapper.shared().readTree(endpoint.response().render(context).json());
  }

  /// A work with exactly the keys the package's doc promises for its kind.
  private static Map<String, Object> work(String kind) {
    var work = new HashMap<String, Object>(Map.of("id", "0198-ab"));
    switch (kind) {
      case "grid", "image" -> {
        work.putAll(Map.of("image_id", "i-1", "url", "http://h/i.png", "width", 64, "height", 48));
        work.putAll(Map.of("seed", 7, "prompt", "p", "raw_url", "http://h/r.png"));
        work.put("sub_urls", Collections.nCopies(4, "http://h/s.png"));
      }
      case "video" -> {
        work.putAll(Map.of("video_id", "v-1", "url", "http://h/v.mp4", "width", 64, "height", 48));
        work.putAll(
            Map.of("duration", 5.1, "cover_url", "http://h/c.png", "prompt", "p", "seed", 7));
      }
      case "song" -> {
        work.putAll(Map.of("audio_url", "http://h/a.mp3", "image_url", "http://h/c.png"));
        work.putAll(Map.of("video_url", "", "title", "T", "lyric", "L", "style", "S"));
        work.putAll(Map.of("duration", 30.5, "image_id", "i-1", "seed", 7));
      }
      case "speech" -> work.putAll(Map.of("audio_url", "http://h/a.mp3", "duration", 2.5));
      default -> {
        work.putAll(Map.of("text", "x", "texts", List.of("a", "b", "c", "d"), "title", "T"));
        work.putAll(Map.of("tags", List.of("t"), "value", Map.of("k", "v")));
      }
    }
    return work;
  }

  private static ObjectNode body() {
    return JsonMapper.shared()
        .readTree(
            """
            {"prompt":"p","text":"t","image_url":"http://c/i.png","video_url":"http://c/v.mp4",
             "audio_url":"http://c/a.mp3","audio_id":"a","video_id":"v","image_id":"i","seed":5,
             "title":"N","voices":"http://c/a.mp3","url":"http://c/","name":"n","question":"q"}\
            """)
        .asObject();
  }

  private static void gather(JsonNode node, String key, List<String> urls, Set<String> words) {
    if (node.isString() && !node.stringValue().isEmpty()) {
      if (key.equals("url") || key.endsWith("_url") || key.endsWith("_urls")) {
        urls.add(node.stringValue());
      } else if (key.equals("state") || key.equals("status")) {
        words.add(node.stringValue());
      }
    }
    if (node.isArray()) {
      node.forEach(one -> gather(one, key, urls, words));
    }
    node.properties().forEach(e -> gather(e.getValue(), e.getKey(), urls, words));
  }
}
