package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Spelling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads which fields an object must have: `required`, `anyOf` of `required`, `if`/`then`/`else` on
/// the value of one field, and `allOf` of these.
final class NeedReader {
  private static final Set<String> CONDITIONAL =
      Set.of("required", "anyOf", "allOf", "if", "then", "else");

  private final Mistakes mistakes;

  NeedReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /// @param filled fields that have a value of their own when they are not sent
  List<Need> of(JsonNode schema, String path, Set<String> filled) {
    return read(new Level(schema, path, schema.path("properties"), filled), "");
  }

  private List<Need> read(Level level, String because) {
    var needs = new ArrayList<Need>();
    for (String name : names(level, level.node().path("required"))) {
      if (!level.filled().contains(name)) {
        needs.add(new Need.Required(name, kind(level.properties().path(name)), because));
      }
    }
    var groups = new ArrayList<List<String>>();
    for (JsonNode branch : level.node().path("anyOf")) {
      groups.add(names(level, branch.path("required")));
    }
    if (!groups.isEmpty()) {
      if (groups.stream().anyMatch(List::isEmpty)) {
        mistakes.add(level.path() + ".anyOf", "each branch must be {required: [a field, …]}");
      } else {
        needs.add(new Need.OneOf(List.copyOf(groups), because));
      }
    }
    int index = 0;
    for (JsonNode part : level.node().path("allOf")) {
      Level inner = level.at(part, ".allOf[" + index++ + "]");
      checkKeys(inner);
      needs.addAll(read(inner, because));
    }
    if (level.node().has("if")) {
      needs.add(when(level));
    }
    return List.copyOf(needs);
  }

  private Need when(Level level) {
    JsonNode condition = level.node().path("if").path("properties");
    Map.Entry<String, JsonNode> only =
        condition.properties().stream()
            .findFirst()
            .orElseGet(() -> Map.entry("", level.node().path("if")));
    var values = new LinkedHashSet<String>();
    only.getValue().path("enum").forEach(value -> values.add(value.asString("")));
    if (condition.size() != 1 || values.isEmpty() || !level.properties().has(only.getKey())) {
      mistakes.add(
          level.path() + ".if", "must be {properties: {FIELD: {enum: [a value, …]}}} on one field");
    }
    Level then = level.at(level.node().path("then"), ".then");
    Level otherwise = level.at(level.node().path("else"), ".else");
    checkKeys(then);
    checkKeys(otherwise);
    String words = String.join(", ", values);
    String yes = " when " + only.getKey() + " is " + words;
    String no = " unless " + only.getKey() + " is " + words;
    return new Need.When(only.getKey(), values, read(then, yes), read(otherwise, no));
  }

  private void checkKeys(Level level) {
    for (String key : level.node().propertyNames()) {
      if (!CONDITIONAL.contains(key)) {
        mistakes.add(
            level.path() + "." + key, "is not possible here" + Spelling.hint(key, CONDITIONAL));
      }
    }
  }

  private List<String> names(Level level, JsonNode list) {
    var names = new ArrayList<String>();
    for (JsonNode name : list) {
      names.add(name.asString(""));
      if (!level.properties().has(name.asString(""))) {
        mistakes.add(
            level.path() + ".required",
            "names the field '"
                + name.asString("")
                + "' that properties do not have"
                + Spelling.hint(name.asString(""), level.properties().propertyNames()));
      }
    }
    return names;
  }

  private static String kind(JsonNode schema) {
    return switch (schema.path("type").asString("")) {
      case "string" -> schema.path("format").asString("").equals("uri") ? "an address" : "a text";
      case "integer", "number" -> "a number";
      case "array" -> "a list";
      case "object" -> "an object";
      default -> "a value";
    };
  }

  /// Where the reading is.
  private record Level(JsonNode node, String path, JsonNode properties, Set<String> filled) {
    Level at(JsonNode inner, String step) {
      return new Level(inner, path + step, properties, filled);
    }
  }
}
