package dev.carillon.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.CatalogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What stands behind the models of pictures and videos.
final class ModelTableTest {
  private static final Catalog CATALOG = Catalog.load(Optional.empty());

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  private ModelTable table() {
    return ModelTable.load(CATALOG, folder.resolve("openai-models.yaml"));
  }

  private static ObjectNode json(String text) {
    return (ObjectNode) JsonMapper.shared().readTree(text);
  }

  @Test
  void every_shipped_model_asks_its_endpoint_in_words_that_it_takes() {
    ObjectNode sent =
        json(
            "{\"prompt\":\"x\",\"n\":1,\"size\":\"1024x1024\",\"aspect_ratio\":\"1:1\",\"seconds\":4,"
                + "\"images\":[\"https://e.example/a.png\"],\"image\":\"https://e.example/a.png\"}");

    var models = Stream.of(Medium.values()).flatMap(medium -> table().of(medium).stream()).toList();

    assertThat(models).hasSizeGreaterThan(30);
    assertThat(models)
        .allSatisfy(model -> {
          ObjectNode named = sent.deepCopy().put("model", model.name());
          Stream.concat(Stream.of(model.generation()), model.edit().stream())
              .forEach(way -> {
                ObjectNode request = way.request(named);
                var checked = way.endpoint().request().check(request);
                assertThat(checked.isUsable())
                    .as("%s: %s: %s", model.name(), request, checked.message())
                    .isTrue();
              });
        });
  }

  @Test
  void fields_that_are_not_sent_are_left_out() {
    MediaModel model = table().find(Medium.IMAGES, "flux-dev").orElseThrow();

    ObjectNode request = model.generation().request(json("{\"prompt\":\"x\",\"size\":null}"));

    assertThat(request).isEqualTo(json("{\"action\":\"generate\",\"prompt\":\"x\"}"));
  }

  @Test
  void results_are_read_from_where_the_table_says() {
    MediaModel model = table().find(Medium.VIDEOS, "sora-2").orElseThrow();

    assertThat(
            model.result().in(json("{\"data\":[{\"video_url\":\"a\"},{\"video_url\":\"b\"},{}]}")))
        .containsExactly("a", "b");
  }

  @Test
  void a_table_of_the_users_adds_and_replaces_models() throws IOException {
    Files.writeString(
        folder.resolve("openai-models.yaml"),
        """
        images:
          - models: [house-style, dall-e-3]
            result: image_url
            generation: {endpoint: /midjourney/imagine, fields: {prompt: $prompt}}
        """);

    assertThat(table().find(Medium.IMAGES, "house-style")).isPresent();
    assertThat(
            table().find(Medium.IMAGES, "dall-e-3").orElseThrow().generation().endpoint().service())
        .isEqualTo("midjourney");
    assertThat(table().find(Medium.IMAGES, "dall-e-2")).isPresent();
  }

  @Test
  void mistakes_are_told_with_their_place() throws IOException {
    Files.writeString(
        folder.resolve("openai-models.yaml"),
        """
        images:
          - models: []
            result: ""
            most: 11
            generation: {endpoint: /nowhere/images, fields: {}}
          - models: [x]
            reslt: a
        """);

    assertThatThrownBy(this::table)
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("images[0].models")
        .hasMessageContaining("images[0].result")
        .hasMessageContaining("images[0].most")
        .hasMessageContaining("images[0].generation.endpoint: the catalog has no endpoint")
        .hasMessageContaining("images[1].reslt: unknown key");
  }
}
