package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Spelling;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Compiles the JSON Schema of a request: the part of JSON Schema 2020-12 that a lenient check can
/// honour. Unknown keywords are mistakes, so nobody relies on one that does nothing.
final class SchemaReader {
  /// How many characters a text may have when the schema does not say.
  static final int TEXT_MAX = 20_000;

  /// The same for addresses, which may be data URLs, and for base64 texts.
  static final int MEDIA_MAX = 16_777_216;

  private static final int TRACE_MAX = 200;
  private static final int ITEMS_MAX = 100;
  private static final BigDecimal NUMBER_MAX = BigDecimal.valueOf(1_000_000_000_000L);
  private static final Set<String> KEYWORDS =
      Set.of(
          "type",
          "title",
          "description",
          "enum",
          "default",
          "examples",
          "minimum",
          "maximum",
          "maxLength",
          "maxItems",
          "items",
          "properties",
          "required",
          "anyOf",
          "allOf",
          "if",
          "then",
          "else",
          "format",
          "contentEncoding",
          "deprecated");

  /// Fields whose closed set is open to newer words of the same families: makers release models
  /// after us, and their clients use them at once.
  private static final Set<String> MODELS = Set.of("model", "model_name");

  private static final Set<String> TYPES =
      Set.of("string", "integer", "number", "boolean", "array", "object");

  private final Mistakes mistakes;
  private final NeedReader needs;

  SchemaReader(Mistakes mistakes) {
    this.mistakes = mistakes;
    this.needs = new NeedReader(mistakes);
  }

  /// Compiles a request's schema and adds the fields every endpoint has.
  RequestSchema request(JsonNode node, String path) {
    ObjectNode json =
        node instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    if (!node.isObject() && !node.isMissingNode()) {
      mistakes.add(path, "must be an object: a JSON Schema");
    }
    json.put("type", "object");
    ObjectNode properties = json.withObject("/properties");
    common(properties, "async", "boolean", "Answer with a task id at once.", 0);
    common(
        properties,
        "callback_url",
        "string",
        "Where to POST the result; any value makes the answer a task id at once.",
        MEDIA_MAX);
    common(
        properties, "trace_id", "string", "A trace id of your own to find the task by.", TRACE_MAX);
    Fields fields = (Fields) rule(json, path);
    Map<String, Rule> rules = new LinkedHashMap<>(fields.rules());
    for (String name : List.of("async", "callback_url", "trace_id")) {
      rules.computeIfPresent(name, (_, rule) -> new Rule.Forgiving(rule));
    }
    return new RequestSchema(json, new Fields(rules, fields.defaults(), fields.needs()));
  }

  private static void common(
      ObjectNode properties, String name, String type, String description, int max) {
    if (!properties.has(name)) {
      ObjectNode field = properties.putObject(name).put("type", type);
      if (max > 0) {
        field.put("maxLength", max);
      }
      field.put("description", description);
    }
  }

  private Rule rule(ObjectNode node, String path) {
    for (String keyword : node.propertyNames()) {
      if (!KEYWORDS.contains(keyword)) {
        mistakes.add(path + "." + keyword, "unknown keyword" + Spelling.hint(keyword, KEYWORDS));
      }
    }
    JsonNode type = node.path("type");
    if (type.isArray() && type.valueStream().anyMatch(one -> one.asString("").equals("object"))) {
      return new Rule.TextOrObject(text(node, path));
    }
    if (type.isArray()) {
      return new Rule.TextOrList(text(node, path), items(node, path));
    }
    return switch (type.asString("")) {
      case "string" -> text(node, path);
      case "integer" -> numeral(node, path, true);
      case "number" -> numeral(node, path, false);
      case "boolean" -> new Rule.Flag();
      case "array" -> items(node, path);
      case "object" -> fields(node, path);
      case "" -> new Rule.Free();
      default -> {
        String sent = type.asString("");
        mistakes.add(path + ".type", "unknown type '" + sent + "'" + Spelling.hint(sent, TYPES));
        yield new Rule.Free();
      }
    };
  }

  private Text text(ObjectNode node, String path) {
    boolean media = node.has("contentEncoding") || node.path("format").asString("").equals("uri");
    int max = limit(node, path, "maxLength", media ? MEDIA_MAX : TEXT_MAX);
    var words = new ArrayList<String>();
    for (JsonNode word : node.path("enum")) {
      if (!word.isString()) {
        mistakes.add(path + ".enum", "must hold texts: put " + word + " in quotes");
      }
      words.add(word.asString());
    }
    if (words.isEmpty() && node.path("type").isString()) {
      node.put("maxLength", max);
    }
    return Text.of(max, words);
  }

  private Numeral numeral(ObjectNode node, String path, boolean whole) {
    BigDecimal min = bound(node, path, "minimum", NUMBER_MAX.negate());
    BigDecimal max = bound(node, path, "maximum", NUMBER_MAX);
    if (min.compareTo(max) > 0) {
      mistakes.add(path + ".minimum", "is greater than maximum");
    }
    var set = new ArrayList<BigDecimal>();
    for (JsonNode one : node.path("enum")) {
      if (one.isNumber()) {
        set.add(one.decimalValue());
      } else {
        mistakes.add(path + ".enum", "must hold numbers, not " + one);
      }
    }
    return new Numeral(whole, min, max, List.copyOf(set));
  }

  private Rule.Items items(ObjectNode node, String path) {
    int max = limit(node, path, "maxItems", ITEMS_MAX);
    node.put("maxItems", max);
    Rule element =
        node.path("items") instanceof ObjectNode items
            ? rule(items, path + ".items")
            : new Rule.Free();
    return new Rule.Items(element, max);
  }

  private Fields fields(ObjectNode node, String path) {
    var rules = new LinkedHashMap<String, Rule>();
    var defaults = new LinkedHashMap<String, JsonNode>();
    for (Map.Entry<String, JsonNode> entry : node.path("properties").properties()) {
      String at = path + ".properties." + entry.getKey();
      if (!(entry.getValue() instanceof ObjectNode field)) {
        mistakes.add(at, "must be an object: a JSON Schema");
        continue;
      }
      Rule rule = rule(field, at);
      rules.put(entry.getKey(), rule);
      fallback(node, entry.getKey(), field)
          .forEach(value -> {
            checkDefault(rule, value, at);
            defaults.put(entry.getKey(), value);
          });
      if (MODELS.contains(entry.getKey()) && rule instanceof Text words && field.has("enum")) {
        rules.put(entry.getKey(), words.open());
        publishOpen(field);
      }
    }
    return new Fields(rules, defaults, needs.of(node, path, defaults.keySet()));
  }

  /// Turns `enum` into its open form, so that a validator takes what the check takes, too.
  private static void publishOpen(ObjectNode field) {
    JsonNode known = field.remove("enum");
    var forms = field.putArray("anyOf");
    forms.addObject().set("enum", known);
    forms.addObject().put("type", "string").put("maxLength", Text.WORD_MAX);
  }

  /// The value of a field that was not sent: its default; else, when it is required, its first
  /// word.
  private static List<JsonNode> fallback(ObjectNode parent, String name, ObjectNode field) {
    if (field.has("default")) {
      return List.of(field.path("default"));
    }
    for (JsonNode required : parent.path("required")) {
      if (required.asString("").equals(name) && !field.path("enum").isEmpty()) {
        return List.of(field.path("enum").get(0));
      }
    }
    return List.of();
  }

  private void checkDefault(Rule rule, JsonNode value, String path) {
    List<Fault> faults = new ArrayList<>();
    rule.clean(value, "default", faults);
    faults.forEach(fault -> mistakes.add(path + ".default", fault.message()));
  }

  private int limit(ObjectNode node, String path, String keyword, int fallback) {
    JsonNode value = node.path(keyword);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > MEDIA_MAX) {
      mistakes.add(path + "." + keyword, "must be a whole number from 1 to " + MEDIA_MAX);
      return fallback;
    }
    return value.intValue();
  }

  private BigDecimal bound(ObjectNode node, String path, String keyword, BigDecimal fallback) {
    JsonNode value = node.path(keyword);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (!value.isNumber()) {
      mistakes.add(path + "." + keyword, "must be a number");
      return fallback;
    }
    return value.decimalValue();
  }
}
