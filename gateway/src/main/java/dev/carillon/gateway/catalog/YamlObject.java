package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// One object of a catalog file, read key by key; what is wrong goes to the mistakes with its path.
record YamlObject(JsonNode node, String path, Mistakes mistakes) {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

  YamlObject known(Set<String> keys) {
    if (!node.isObject()) {
      mistakes.add(path, "must be an object");
    }
    for (String key : node.propertyNames()) {
      if (!keys.contains(key)) {
        mistakes.add(at(key), "unknown key" + Spelling.hint(key, keys));
      }
    }
    return this;
  }

  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  boolean has(String key) {
    return node.has(key);
  }

  JsonNode get(String key) {
    return node.path(key);
  }

  YamlObject object(String key) {
    return new YamlObject(node.path(key), at(key), mistakes);
  }

  List<YamlObject> objects(String key) {
    var objects = new ArrayList<YamlObject>();
    int index = 0;
    for (JsonNode one : list(key)) {
      objects.add(new YamlObject(one, at(key) + "[" + index++ + "]", mistakes));
    }
    return objects;
  }

  /// A text that must be there.
  String text(String key) {
    if (!node.has(key)) {
      mistakes.add(at(key), "is missing");
    }
    return text(key, "");
  }

  String text(String key, String fallback) {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (value.isContainer() || value.isNull()) {
      mistakes.add(at(key), "must be a text");
      return fallback;
    }
    return value.asString().strip();
  }

  List<String> texts(String key) {
    var texts = new ArrayList<String>();
    for (JsonNode one : list(key)) {
      texts.add(one.asString(""));
    }
    return texts;
  }

  Map<String, String> textMap(String key) {
    var map = new LinkedHashMap<String, String>();
    node.path(key).properties().forEach(e -> map.put(e.getKey(), e.getValue().asString("")));
    return map;
  }

  boolean flag(String key) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      mistakes.add(at(key), "must be true or false");
    }
    return value.isBoolean() && value.booleanValue();
  }

  /// A word of an enum, written in lower case with dashes.
  <E extends Enum<E>> E word(String key, E fallback) {
    if (!node.has(key)) {
      return fallback;
    }
    String sent = text(key, "");
    List<String> words = new ArrayList<>();
    for (E one : fallback.getDeclaringClass().getEnumConstants()) {
      String word = one.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (word.equals(sent)) {
        return one;
      }
      words.add(word);
    }
    mistakes.add(at(key), "unknown word '" + sent + "'" + Spelling.hint(sent, words));
    return fallback;
  }

  /// A time such as `500ms`, `30s`, `2m`, `1h`, `7d`.
  Duration time(String key, Duration fallback) {
    if (!node.has(key)) {
      return fallback;
    }
    Matcher matcher = TIME.matcher(text(key, ""));
    if (!matcher.matches()) {
      mistakes.add(at(key), "must be a time such as 500ms, 30s, 2m, 1h or 7d");
      return fallback;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private JsonNode list(String key) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isArray()) {
      mistakes.add(at(key), "must be a list");
      return node.path("");
    }
    return value;
  }

  static Set<String> keys(String words) {
    return Set.copyOf(Arrays.asList(words.split(" ", -1)));
  }
}
