package dev.carillon.gateway.http.strict;

import dev.carillon.gateway.http.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a body, all of them known. A field that is `null` counts as not given.
public final class Fields {
  private final ObjectNode node;

  private Fields(ObjectNode node, List<String> known) {
    this.node = node;
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw Strict.refused(
            "%s is no field here; the fields are %s"
                .formatted(shortened(name), String.join(", ", known)));
      }
    }
  }

  /// The body of a call, which has to be one JSON object.
  ///
  /// @param known the names of all fields
  public static Fields of(Call call, List<String> known) {
    return new Fields(call.json().node(), known);
  }

  /// The same, where no body at all means no fields.
  public static Fields orNone(Call call, List<String> known) {
    return call.body().length == 0
        ? new Fields(JsonNodeFactory.instance.objectNode(), known)
        : of(call, known);
  }

  /// Whether no field is given.
  public boolean isEmpty() {
    return node.propertyStream().allMatch(field -> field.getValue().isNull());
  }

  /// A text.
  ///
  /// @param longest in characters
  public Optional<String> text(String name, int longest) {
    return given(name).map(value -> text(name, value, longest));
  }

  /// A flag.
  public Optional<Boolean> flag(String name) {
    return given(name)
        .map(value -> {
          if (!value.isBoolean()) {
            throw Strict.refused(name + " must be true or false");
          }
          return value.booleanValue();
        });
  }

  /// A moment in the form of RFC 3339.
  public Optional<Instant> time(String name) {
    return text(name, 100).map(text -> Strict.time(name, text));
  }

  /// A list of texts.
  ///
  /// @param most how many
  public Optional<List<String>> texts(String name, int most) {
    return given(name)
        .map(value -> {
          if (!value.isArray() || value.size() > most) {
            throw Strict.refused("%s must be a list of at most %d texts".formatted(name, most));
          }
          var texts = new ArrayList<String>();
          value.forEach(item -> texts.add(text(name, item, 100)));
          return List.copyOf(texts);
        });
  }

  /// An object whose values are texts, in its order.
  ///
  /// @param longest of a value, in characters
  public Optional<Map<String, String>> map(String name, int longest) {
    return given(name)
        .map(value -> {
          if (!value.isObject()) {
            throw Strict.refused(name + " must be an object of texts, such as {\"X-Team\": \"a\"}");
          }
          var map = new LinkedHashMap<String, String>();
          value
              .properties()
              .forEach(field ->
                  map.put(
                      field.getKey(),
                      text(name + "." + shortened(field.getKey()), field.getValue(), longest)));
          return map;
        });
  }

  private Optional<JsonNode> given(String name) {
    return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
  }

  private static String text(String name, JsonNode value, int longest) {
    if (!value.isString()) {
      throw Strict.refused(name + " must be a text");
    }
    String text = value.stringValue();
    if (text.length() > longest) {
      throw Strict.refused(
          "%s must have at most %d characters; it has %d".formatted(name, longest, text.length()));
    }
    return text;
  }

  private static String shortened(String name) {
    return name.length() <= 60 ? name : name.substring(0, 60) + "…";
  }
}
