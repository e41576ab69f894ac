package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/// Bodies that the makers' own clients of October 2026 send, recorded or read in their packages.
final class TodaysClientsTest {
  private static final Catalog CATALOG = Catalog.load(Optional.empty());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /suno/audios        | {"prompt":"a song","model":"chirp-v6"}
          /suno/audios        | {"prompt":{"text":"a song"},"async":true}
          /suno/audios        | {"prompt":{},"lyric_prompt":{"about":"snow"},"async":true}
          /suno/audios        | {"action":"extend","audio_id":"x","lyric":"","prompt":"","title":"","callback_url":null}
          /suno/audios        | {"custom":true,"lyric":"","title":"","callback_url":null,"timeout":null}
          /suno/lyrics        | {"prompt":{"text":"snow"},"model":"chirp-v4"}
          /suno/mp3           | {"audio_id":"x","callback_url":null}
          /suno/availability  | {"audio_id":"0b4cdc6e-6d5c-4d2f-8f6c-000000000000"}
          /suno/upload        | {"audio_url":"http://a/b.mp3","mode":"enhanced","name":"mine"}
          /suno/custom-models | {"action":"create","name":"m","audio_urls":["http://a/1.mp3"],"callback_url":null}
          /suno/custom-models | {"action":"retrieve","id":"x"}
          /suno/custom-models | {"action":"retrieve_batch","limit":20,"offset":0,"status":null}
          /suno/custom-models | {"action":"generate","id":"x","title":"t","lyric":"l","style":"s"}
          /suno/custom-models | {"action":"delete","id":"x"}
          /producer/audios    | {"action":"stems","audio_id":"x","prompt":"","lyric":""}
          /producer/audios    | {"action":"cover","audio_id":"x"}
          /producer/audios    | {"action":"generate","custom":true,"prompt":"","lyric":"","title":""}
          /seedream/images    | {"prompt":"x","model":"doubao-seedream-5-0-lite-260128","size":"1.5K"}
          /seedream/images    | {"prompt":"x","model":"doubao-seedream-5-0-pro-260628","size":"auto","background":"transparent"}
          /seedream/images    | {"model":"doubao-seedream-5-0-pro-260628","image":"http://a/b.png","layer_decomposition":true}
          /seedream/images    | {"model":"doubao-seedream-5-0-pro-260628","image":["http://a/b.png"],"layer_decomposition":true}
          /nano-banana/images | {"action":"generate","prompt":"x","model":"nano-banana-2.1"}
          /nano-banana/images | {"action":"generate","prompt":"x","resolution":"8K","aspect_ratio":"21:9"}
          /kling/videos       | {"action":"text2video","model":"kling-v3-turbo","prompt":"x","duration":5.0,"generate_audio":true}
          /kling/videos       | {"action":"text2video","model":"kling-v3","multi_shot":true,"shot_type":"customize","multi_prompt":[{"index":1,"prompt":"a","duration":5}],"duration":5}
          /kling/videos       | {"model":"kling-v3","prompt":"x","element_list":[{"element_id":"e"}],"voice_list":[{"voice_id":"v"}]}
          /kling/apparel      | {"async":true,"contents":[{"type":"model_image","url":"http://a/b.png"}],"settings":{"resolution":"720p"}}
          /kling/goods-studio | {"async":true,"contents":[{"type":"product_image","url":"http://a/b.png"}],"settings":{"resolution":"1080p","aspect_ratio":"9:16","duration":15}}
          /kling/video-commerce | {"async":true,"contents":[{"type":"speech_script","text":"buy it"},{"type":"voice","voice_id":"v"}],"settings":{"speech_rate":1.2,"bgm_enabled":true}}
          /kling/virtual-try-on | {"async":true,"contents":[{"type":"person_image","url":"http://a/b.png"}],"settings":{"keep_face":true},"watermark":false}
          /kling/elements     | {"async":true,"action":"list","page_num":1,"page_size":30}
          /kling/elements     | {"async":true,"action":"delete","id":"e","page_num":1,"page_size":30}
          /kling/voices       | {"async":true,"action":"create","voice_name":"n","voice_url":"http://a/b.mp3"}
          /kling/voices       | {"async":true,"action":"presets","page_num":1,"page_size":30}
          /wan/videos         | {"model":"wan3.0-video","prompt":"","duration":-1,"ratio":"adaptive"}
          /wan/videos         | {"model":"wan3.0-video","media":[{"type":"image","url":"http://a/b.png"}],"seed":7,"watermark":false}
          /seedance/videos    | {"model":"doubao-seedance-2-0-260128","omni_reference_task_type":"reference","content":[{"type":"image_url","role":"reference_image","image_url":{"url":"http://a/b.png"}}]}
          /maestro/videos     | {"prompt":"x","action":"generate"}
          /maestro/videos     | {"prompt":"x","scenario":"captions","style":"glass","voice":"auto","async":true}
          /flux/images        | {"action":"generate","prompt":"x","model":"flux-dev","size":"1024x1024","async":true}
          /flux/videos        | {"mode":"t2v","action":"generate","prompt":"x","aspect_ratio":"auto","duration":"auto","resolution":"hd","version":"latest","safety_tolerance":2,"model":"flux-3","draft":false,"async":true}
          /flux/videos        | {"mode":"i2v","prompt":"x","keyframes":[[0.0,"http://a/b.png"]],"model":"flux-3"}
          /flux/videos        | {"mode":"v2v","prompt":"x","start_video":"http://a/b.mp4","duration":15}
          /flux/videos        | {"mode":"draft_enhance","draft_task_id":"t","resolution":"fhd","safety_tolerance":0}
          /qwen-image/images  | {"model":"qwen-image-3.0-pro","prompt":"x","image_urls":["http://a/b.png"],"n":1,"prompt_extend":true,"prompt_extend_mode":"direct","enable_thinking":true,"watermark":false,"async":true}
          /midjourney/imagine | {"action":"upscale1","image_id":"x","mode":"fast","async":true}
          /midjourney/imagine | {"action":"generate","image_id":"x"}
          /midjourney/imagine | {"action":"generate","prompt":"http://a/1.png http://a/2.png","async":true}
          /luma/videos        | {"action":"extend","video_id":"x","prompt":"y","loop":false}
          /grok/videos        | {"image_url":"http://a/b.png","duration":6}
          /happyhorse/videos  | {"action":"image_to_video","image_url":"http://a/b.png"}
          /veo/videos         | {"action":"text2video","prompt":"x","model":"veo3","async":false}
          /veo/videos         | {"action":"get1080p","video_id":"x","model":"veo31-fast"}
          /sora/videos        | {"prompt":"x","version":"2.0","duration":4,"size":"1280x720","callback_url":"http://a/"}
          /openai/images/generations | {"prompt":"x","model":"dall-e-3","async":false}
          /openai/images/edits | {"prompt":"x","image":"http://a/b.png","model":"dall-e-3","output_format":"png","response_format":"url"}
          /minimax/videos     | {"model":"MiniMax-H3","content":[{"type":"text","text":"x"}],"duration":6,"resolution":"2K","async":true}
          /fish/tts           | {"text":"x","model":"s2.1-pro","format":"mp3"}
          """)
  void no_body_of_todays_official_clients_is_refused(String path, String body) {
    Endpoint endpoint = CATALOG.find("POST", path).orElseThrow().endpoint();

    Checked checked = endpoint.request().check(JsonMapper.shared().readTree(body).asObject());

    assertThat(checked.faults()).isEmpty();
    assertThat(endpoint.plan(checked.cleaned())).containsKeys("kind", "count");
  }

  @ParameterizedTest
  @CsvSource({"GET, /suno/persona", "DELETE, /suno/persona", "GET, /fish/model"})
  void lists_and_removals_need_no_user(String method, String path) {
    Endpoint endpoint = CATALOG.find(method, path).orElseThrow().endpoint();
    var query = JsonMapper.shared().createObjectNode().put("persona_id", "p");

    assertThat(endpoint.request().check(query).faults()).isEmpty();
  }
}
