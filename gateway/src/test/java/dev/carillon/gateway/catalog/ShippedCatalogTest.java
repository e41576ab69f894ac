package dev.carillon.gateway.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every shipped file loads and says what the contract says.
final class ShippedCatalogTest {
  private static final Path FOLDER =
      Path.of("src/main/resources/dev/carillon/gateway/catalog/services");

  private static final Set<String> FREE =
      Set.of("/maestro/estimates", "/suno/availability", "/kling/elements");

  private final Catalog catalog = Catalog.load(Optional.empty());

  @Test
  void every_file_stands_in_the_index_with_its_aliases() throws Exception {
    List<String> files;
    try (var found = Files.list(FOLDER)) {
      files =
          found
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".yaml"))
              .map(name -> name.substring(0, name.length() - 5))
              .toList();
    }

    var index = Shipped.index();

    assertThat(index.stream().map(Shipped.Line::name).toList())
        .containsExactlyInAnyOrderElementsOf(files);
    for (Shipped.Line line : index) {
      Service service = Shipped.service(line.name());
      assertThat(service.name()).isEqualTo(line.name());
      assertThat(service.aliases()).isEqualTo(line.aliases());
    }
  }

  @Test
  void every_endpoint_of_the_contract_is_there() {
    List<String> wanted =
        List.of(
            "/midjourney/imagine",
            "/midjourney/edits",
            "/midjourney/videos",
            "/midjourney/describe",
            "/midjourney/shorten",
            "/midjourney/translate",
            "/midjourney/seed",
            "/suno/audios",
            "/suno/vox",
            "/suno/wav",
            "/suno/midi",
            "/suno/mp3",
            "/suno/availability",
            "/suno/custom-models",
            "/suno/mp4",
            "/suno/timing",
            "/suno/style",
            "/suno/lyrics",
            "/suno/mashup-lyrics",
            "/suno/upload",
            "/suno/voices",
            "/suno/persona",
            "/veo/videos",
            "/veo/upsample",
            "/veo/extend",
            "/veo/reshoot",
            "/veo/objects",
            "/sora/videos",
            "/luma/videos",
            "/kling/videos",
            "/kling/motion",
            "/kling/lip-sync",
            "/kling/talking-photo",
            "/kling/apparel",
            "/kling/goods-studio",
            "/kling/video-commerce",
            "/kling/virtual-try-on",
            "/kling/elements",
            "/kling/voices",
            "/hailuo/videos",
            "/wan/videos",
            "/seedance/videos",
            "/seedream/images",
            "/flux/images",
            "/flux/videos",
            "/qwen-image/images",
            "/nano-banana/images",
            "/nanobanana/images",
            "/producer/audios",
            "/producer/lyrics",
            "/producer/upload",
            "/producer/videos",
            "/producer/wav",
            "/fish/tts",
            "/fish/model",
            "/openai/images/generations",
            "/openai/images/edits",
            "/dreamina/videos",
            "/happyhorse/videos",
            "/digital-human/videos",
            "/digitalhuman/voices",
            "/maestro/videos",
            "/grok/videos",
            "/gemini/videos",
            "/minimax/videos",
            "/pika/videos",
            "/pixverse/videos",
            "/pixverse/character",
            "/webextrator/extract",
            "/webextrator/render",
            "/headshots/generate",
            "/qrart/generate",
            "/kickart/videos",
            "/kickart/viral-videos",
            "/kickart/template-videos",
            "/captcha/recognition/image2text",
            "/captcha/token/recaptcha2");

    assertThat(wanted).allSatisfy(path -> assertThat(catalog.find("POST", path)).isPresent());
    assertThat(catalog.methods("/suno/persona")).containsExactlyInAnyOrder("POST", "GET", "DELETE");
    assertThat(catalog.find("GET", "/fish/model/abc").orElseThrow().parameters())
        .containsEntry("id", "abc");
    assertThat(catalog.find("POST", "/veo/nothing")).isEmpty();
    assertThat(catalog.find("POST", "/nowhere/videos")).isEmpty();
    assertThat(catalog.find("POST", "/")).isEmpty();
  }

  @Test
  void styles_and_envelopes_are_those_of_the_contract() {
    for (String path :
        List.of("/veo/videos", "/sora/videos", "/maestro/videos", "/minimax/videos")) {
      assertThat(endpoint(path).style()).as(path).isEqualTo(Style.TASK);
    }
    for (String path :
        List.of("/midjourney/imagine", "/suno/audios", "/fish/tts", "/flux/images")) {
      assertThat(endpoint(path).style()).as(path).isEqualTo(Style.INLINE);
    }
    assertThat(endpoint("/midjourney/describe").style()).isEqualTo(Style.DIRECT);
    assertThat(endpoint("/fish/tts").envelope()).isEqualTo(Envelope.BARE);
    assertThat(endpoint("/fish/tts").startedAt()).isTrue();
    assertThat(endpoint("/fish/tts").headers()).containsEntry("model", "model");
    assertThat(endpoint("/openai/images/generations").envelope()).isEqualTo(Envelope.NESTED);
    assertThat(
            catalog.endpoints().stream()
                .filter(Endpoint::streams)
                .map(Endpoint::service)
                .distinct())
        .containsExactlyInAnyOrder("midjourney", "suno", "hailuo", "flux");
  }

  @Test
  void an_alias_means_its_service() {
    assertThat(catalog.service("nanobanana").orElseThrow().name()).isEqualTo("nano-banana");
    assertThat(catalog.realName("digitalhuman")).contains("digital-human");
    assertThat(catalog.service("nobody")).isEmpty();
    assertThat(catalog.services())
        .hasSize(36)
        .isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
  }

  @Test
  void every_request_schema_is_valid_json_schema_with_a_description_for_each_field() {
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    var meta =
        registry.getSchema(
            com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    for (Endpoint endpoint : catalog.endpoints()) {
      JsonNode schema = endpoint.request().json();
      assertThat(meta.validate(schema)).as(endpoint.path()).isEmpty();
      schema
          .path("properties")
          .properties()
          .forEach(field ->
              assertThat(field.getValue().path("description").asString(""))
                  .as(endpoint.path() + " " + field.getKey())
                  .isNotEmpty());
    }
  }

  @Test
  void a_cleaned_body_is_valid_under_its_schema() {
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    var json = JsonMapper.shared();
    var body =
        json.readTree(
            """
            {"prompt":"a","lyric":"b","text":"c","action":null,"model":"","duration":0,"seed":"7",
             "image_url":"http://a/b.png","video_url":"http://a/b.mp4","audio_url":"http://a/b.mp3",
             "audio_id":"x","video_id":"y","image_id":"z","content":[{"type":"text","text":"t"}],
             "count":"2","n":2.0,"translation":"true","loop":false,"image":["http://a/b.png"]}\
            """);
    int usable = 0;
    for (Endpoint endpoint : catalog.endpoints()) {
      Checked checked = endpoint.request().check(body.asObject());
      if (checked.isUsable()) {
        usable++;
        var errors = registry.getSchema(endpoint.request().json()).validate(checked.cleaned());
        assertThat(errors).as(endpoint.path() + " " + checked.cleaned()).isEmpty();
      }
    }
    assertThat(usable).isGreaterThan(40);
  }

  @Test
  void prices_and_times_are_told() {
    var faults = new ArrayList<String>();
    for (Endpoint endpoint : catalog.endpoints()) {
      if (endpoint.method().equals("POST")
          && endpoint.price().amount().isZero()
          && !FREE.contains(endpoint.path())) {
        faults.add(endpoint.path() + " costs nothing");
      }
      if (endpoint.timing().limit().compareTo(endpoint.estimate().high()) < 0) {
        faults.add(endpoint.path() + " is given up too early");
      }
      if (endpoint.summary().isEmpty()) {
        faults.add(endpoint.path() + " has no summary");
      }
    }

    assertThat(faults).isEmpty();
    var two = endpoint("/flux/images").request().check(object("{\"prompt\":\"a\",\"count\":2}"));
    assertThat(endpoint("/flux/images").price(two.cleaned())).hasToString("0.24");
    Endpoint models = endpoint("/suno/custom-models");
    assertThat(models.price(object("{\"action\":\"generate\"}"))).hasToString("0.5");
    assertThat(models.price(object("{\"action\":\"retrieve_batch\"}")).isZero()).isTrue();
  }

  private static tools.jackson.databind.node.ObjectNode object(String json) {
    return JsonMapper.shared().readTree(json).asObject();
  }

  private Endpoint endpoint(String path) {
    return catalog.find("POST", path).orElseThrow().endpoint();
  }
}
