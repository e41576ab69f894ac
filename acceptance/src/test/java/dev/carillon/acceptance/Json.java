package dev.carillon.acceptance;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes JSON in tests.
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static JsonNode read(String text) {
    return MAPPER.readTree(text);
  }

  static ObjectNode object(String text) {
    return (ObjectNode) MAPPER.readTree(text);
  }

  /// A JSON object of these fields, in text.
  static String of(Map<String, ?> fields) {
    return MAPPER.writeValueAsString(fields);
  }

  static String quoted(String text) {
    return MAPPER.writeValueAsString(text);
  }
}
