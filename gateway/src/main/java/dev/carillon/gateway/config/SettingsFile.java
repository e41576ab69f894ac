package dev.carillon.gateway.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Reads `carillon.yaml`: keys nested by group or written with dots, as one likes.
public final class SettingsFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private SettingsFile() {}

  /// The file's settings as a source.
  ///
  /// @throws ConfigException when it cannot be read or is no YAML mapping
  public static Settings.Source read(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      JsonNode tree = YAML.readTree(Files.readAllBytes(file));
      if (tree.isMissingNode() || tree.isNull()) {
        return new Settings.Source(name, Map.of());
      }
      if (!tree.isObject()) {
        throw new ConfigException(List.of(name + ": write settings as 'key: value' lines"));
      }
      Map<String, String> texts = new LinkedHashMap<>();
      flatten("", tree, texts);
      return new Settings.Source(name, texts);
    } catch (IOException unreadable) {
      throw new ConfigException(List.of(file + ": cannot be read: " + unreadable.getMessage()));
    } catch (JacksonException malformed) {
      throw new ConfigException(List.of(name + ": is not valid YAML: " + what(malformed)));
    }
  }

  private static String what(JacksonException malformed) {
    int line = malformed.getLocation() == null ? 0 : malformed.getLocation().getLineNr();
    String what = malformed.getOriginalMessage();
    return line > 0 && what.indexOf('\n') < 0 ? "line " + line + ": " + what : what;
  }

  /// A key of pairs, written as an object: `name=value` with commas between. A list is an order.
  private static String pairs(JsonNode node) {
    return node.properties().stream()
        .map(pair -> pair.getKey() + "=" + ordered(pair.getValue()))
        .collect(Collectors.joining(","));
  }

  private static String ordered(JsonNode value) {
    return value.isArray()
        ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(">"))
        : value.asString();
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> texts) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject() && Keys.find(name).isPresent()) {
        texts.put(name, pairs(value));
      } else if (value.isObject()) {
        flatten(name, value, texts);
      } else if (value.isArray()) {
        texts.put(
            name, value.valueStream().map(JsonNode::asString).collect(Collectors.joining(",")));
      } else {
        texts.put(name, value.isNull() ? "" : value.asString());
      }
    }
  }
}
