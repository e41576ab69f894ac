package dev.carillon.gateway.catalog;

import java.util.Map;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The room's readers of YAML and JSON.
final class Trees {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private Trees() {}

  /// Reads one YAML document; a repeated key is an error.
  ///
  /// @throws tools.jackson.core.JacksonException with the place when it is no YAML
  static JsonNode yaml(byte[] content) {
    return Yaml.MAPPER.readTree(content);
  }

  static JsonNode json(String json) {
    return JSON.readTree(json);
  }

  static byte[] bytes(JsonNode tree) {
    return JSON.writeValueAsBytes(tree);
  }

  static Map<String, Object> map(String json) {
    return JSON.readValue(json, MAP);
  }

  /// Made on first use: a start that reads no YAML loads none of its classes.
  private static final class Yaml {
    static final YAMLMapper MAPPER =
        YAMLMapper.builder(
                YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .build();
  }
}
