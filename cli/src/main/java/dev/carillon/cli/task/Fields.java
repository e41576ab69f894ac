package dev.carillon.cli.task;

import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Fields of a request as they are written on a command line: `name=value`, or `outer.inner=value`.
/// A value that is JSON (`3`, `true`, `["a","b"]`, `"8"`) is taken as such, all else as a text.
final class Fields {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private Fields() {}

  /// Puts each of them into the body; a later one replaces an earlier.
  ///
  /// @throws IllegalArgumentException for one that is none
  static void put(List<String> settings, ObjectNode body) {
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "--set wants name=value, such as --set seed=7, but it is " + setting);
      }
      String[] path = setting.substring(0, equals).split("\\.", -1);
      ObjectNode at = body;
      for (int i = 0; i < path.length - 1; i++) {
        at = at.path(path[i]) instanceof ObjectNode inner ? inner : at.putObject(path[i]);
      }
      at.set(path[path.length - 1], value(setting.substring(equals + 1)));
    }
  }

  private static JsonNode value(String text) {
    try {
      JsonNode value = JSON.readTree(text);
      return value.isMissingNode() ? StringNode.valueOf(text) : value;
    } catch (JacksonException plain) {
      return StringNode.valueOf(text);
    }
  }
}
