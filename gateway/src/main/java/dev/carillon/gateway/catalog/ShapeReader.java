package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Spelling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Compiles a template; mistakes go to the given list with their key path.
final class ShapeReader {
  private static final String EACH = "$each";
  private static final String SWITCH = "$switch";
  private static final Set<String> ROOTS =
      Set.of("request", "works", "work", "task", "now", "now_iso", "now_text", "now_seconds");
  private static final Set<String> FILTERS = Set.of("text", "int", "compact");
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final Pattern PATH = Pattern.compile("[A-Za-z_][\\w-]*(\\.([\\w-]+|\\*))*");

  private final Mistakes mistakes;

  ShapeReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /// Compiles a whole template, which must be an object.
  Shape shape(JsonNode node, String path) {
    if (!node.isObject()) {
      mistakes.add(path, "must be an object: the fields of the answer");
      return new Shape(new Part.Fixed("{}"));
    }
    return new Shape(part(node, path));
  }

  private Part part(JsonNode node, String path) {
    if (node.isString()) {
      return text(node.stringValue(), path);
    }
    if (node.isArray()) {
      return items(node, path);
    }
    if (!node.isObject()) {
      return new Part.Fixed(node.toString());
    }
    return node.has(SWITCH) ? choice(node, path) : fields(node, path);
  }

  private Part items(JsonNode node, String path) {
    var parts = new ArrayList<Part>();
    int index = 0;
    for (JsonNode one : node) {
      String at = path + "[" + index++ + "]";
      boolean each = one.isObject() && one.has(EACH);
      parts.add(each ? new Part.Each(part(one, at)) : part(one, at));
      if (each && !one.path(EACH).asString("").equals("works")) {
        mistakes.add(at + "." + EACH, "only 'works' can be repeated");
      }
    }
    return new Part.Items(List.copyOf(parts));
  }

  private Part fields(JsonNode node, String path) {
    var keys = new ArrayList<String>();
    var values = new ArrayList<Part>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String at = path + "." + entry.getKey();
      if (entry.getKey().equals(EACH)) {
        if (!path.endsWith("]")) {
          mistakes.add(at, "an object can be repeated only inside a list");
        }
        continue;
      }
      if (entry.getKey().startsWith("$")) {
        mistakes.add(
            at, "unknown instruction" + Spelling.hint(entry.getKey(), Set.of(EACH, SWITCH)));
      }
      var key = new StringBuilder();
      JsonText.quote(entry.getKey(), key);
      keys.add(key.append(':').toString());
      values.add(part(entry.getValue(), at));
    }
    return new Part.Fields(List.copyOf(keys), List.copyOf(values));
  }

  private Part choice(JsonNode node, String path) {
    var cases = new LinkedHashMap<String, Part>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getKey().equals(SWITCH) && !entry.getKey().equals(EACH)) {
        Part part = part(entry.getValue(), path + "." + entry.getKey());
        for (String word : entry.getKey().split(",", -1)) {
          cases.put(word.strip(), part);
        }
      }
    }
    return new Part.Switch(ref(node.path(SWITCH).asString(""), path + "." + SWITCH), cases);
  }

  private Part text(String text, String path) {
    int open = text.indexOf("${");
    if (open < 0) {
      var json = new StringBuilder();
      JsonText.quote(text, json);
      return new Part.Fixed(json.toString());
    }
    var pieces = new ArrayList<Object>();
    int at = 0;
    while (open >= 0) {
      int close = text.indexOf('}', open);
      if (close < 0) {
        mistakes.add(path, "a '${' has no '}'");
        return new Part.Fixed("null");
      }
      if (open > at) {
        pieces.add(text.substring(at, open));
      }
      pieces.add(ref(text.substring(open + 2, close), path));
      at = close + 1;
      open = text.indexOf("${", at);
    }
    if (at < text.length()) {
      pieces.add(text.substring(at));
    }
    return pieces.size() == 1 && pieces.getFirst() instanceof Part.Ref ref
        ? ref
        : new Part.Mixed(List.copyOf(pieces));
  }

  private Part.Ref ref(String expression, String path) {
    var alternatives = new ArrayList<Alternative>();
    for (String one : expression.split("\\|", -1)) {
      alternatives.add(alternative(one.strip(), path));
    }
    return new Part.Ref(List.copyOf(alternatives));
  }

  private Alternative alternative(String text, String path) {
    if (text.length() >= 2 && text.startsWith("'") && text.endsWith("'")) {
      return new Alternative.Literal(text.substring(1, text.length() - 1));
    }
    if (NUMBER.matcher(text).matches()) {
      return new Alternative.Literal(new BigDecimal(text));
    }
    return switch (text) {
      case "null" -> new Alternative.Literal(Gap.NULL);
      case "true", "false" -> new Alternative.Literal(Boolean.valueOf(text));
      default -> lookup(text, path);
    };
  }

  private Alternative lookup(String text, String path) {
    int colon = text.indexOf(':');
    String where = colon < 0 ? text : text.substring(0, colon);
    String filter = colon < 0 ? "" : text.substring(colon + 1);
    if (!PATH.matcher(where).matches()) {
      mistakes.add(path, "'" + text + "' is neither a path such as work.url nor a literal");
      return new Alternative.Literal(Gap.MISSING);
    }
    if (!filter.isEmpty() && !FILTERS.contains(filter)) {
      mistakes.add(path, "unknown filter '" + filter + "'" + Spelling.hint(filter, FILTERS));
    }
    List<String> steps = List.of(where.split("\\.", -1));
    if (!ROOTS.contains(steps.getFirst())) {
      mistakes.add(
          path, "unknown name '" + steps.getFirst() + "'" + Spelling.hint(steps.getFirst(), ROOTS));
    }
    return new Lookup(steps.getFirst(), List.copyOf(steps.subList(1, steps.size())), filter);
  }
}
