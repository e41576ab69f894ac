package dev.carillon.gateway.openai;

import dev.carillon.gateway.catalog.Catalog;
import dev.carillon.gateway.catalog.CatalogFault;
import dev.carillon.gateway.domain.Spelling;
import dev.carillon.gateway.openai.MediaModel.AnswerPath;
import dev.carillon.gateway.openai.MediaModel.Way;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads a table of models; what is wrong goes to the faults with its place.
final class ModelReader {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();
  private static final Set<String> KEYS =
      Set.of("models", "most", "generation", "edit", "result", "thumbnail", "inline");
  private static final Set<String> WAY_KEYS = Set.of("endpoint", "fields");
  private static final int LARGEST_MOST = 10;

  private final Catalog catalog;
  private final List<CatalogFault> faults;
  private String file = "";

  ModelReader(Catalog catalog, List<CatalogFault> faults) {
    this.catalog = catalog;
    this.faults = faults;
  }

  void read(String name, byte[] content, Consumer<MediaModel> found) {
    file = name;
    JsonNode tree;
    try {
      tree = YAML.readTree(content);
    } catch (JacksonException broken) {
      int line = broken.getLocation() == null ? 0 : broken.getLocation().getLineNr();
      fault(line > 0 ? "line " + line : "", "is no YAML: " + broken.getOriginalMessage());
      return;
    }
    if (!tree.isObject() || !known(tree, "", Set.of("images", "videos"))) {
      fault("", "must be an object with images and videos");
      return;
    }
    for (Medium medium : Medium.values()) {
      String key = medium.name().toLowerCase(Locale.ROOT);
      int number = 0;
      for (JsonNode entry : tree.path(key)) {
        entry(medium, entry, key + "[" + number++ + "]", found);
      }
    }
  }

  private void entry(Medium medium, JsonNode node, String path, Consumer<MediaModel> found) {
    if (!known(node, path, KEYS)) {
      return;
    }
    Optional<Way> generation = way(node.path("generation"), path + ".generation");
    Optional<Way> edit =
        node.has("edit") ? way(node.path("edit"), path + ".edit") : Optional.empty();
    String result = node.path("result").asString("");
    int most = node.path("most").asInt(1);
    if (result.isEmpty()) {
      fault(path + ".result", "must say where the addresses stand, such as data.*.url");
    }
    if (most < 1 || most > LARGEST_MOST) {
      fault(path + ".most", "must be 1 to " + LARGEST_MOST);
    }
    if (node.path("models").isEmpty()) {
      fault(path + ".models", "must list at least one model");
    }
    for (JsonNode name : node.path("models")) {
      generation.ifPresent(way ->
          found.accept(
              new MediaModel(
                  name.asString(""),
                  medium,
                  most,
                  way,
                  edit,
                  AnswerPath.of(result),
                  node.has("thumbnail")
                      ? Optional.of(AnswerPath.of(node.path("thumbnail").asString("")))
                      : Optional.empty(),
                  node.path("inline").asBoolean(false))));
    }
  }

  private Optional<Way> way(JsonNode node, String path) {
    if (!known(node, path, WAY_KEYS)) {
      return Optional.empty();
    }
    String endpoint = node.path("endpoint").asString("");
    if (!(node.path("fields") instanceof ObjectNode fields)) {
      fault(path + ".fields", "must be an object of fields");
      return Optional.empty();
    }
    var match =
        endpoint.isEmpty() ? Optional.<Catalog.Match>empty() : catalog.find("POST", endpoint);
    if (match.isEmpty()) {
      fault(path + ".endpoint", "the catalog has no endpoint POST " + endpoint);
    }
    return match.map(one -> new Way(one.endpoint(), fields));
  }

  private boolean known(JsonNode node, String path, Set<String> keys) {
    if (!node.isObject()) {
      fault(path, "must be an object with " + String.join(", ", keys.stream().sorted().toList()));
      return false;
    }
    for (String key : node.propertyNames()) {
      if (!keys.contains(key)) {
        fault(path.isEmpty() ? key : path + "." + key, "unknown key" + Spelling.hint(key, keys));
      }
    }
    return true;
  }

  private void fault(String path, String reason) {
    faults.add(new CatalogFault(file, path, reason));
  }
}
