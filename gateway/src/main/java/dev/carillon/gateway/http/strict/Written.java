package dev.carillon.gateway.http.strict;

import java.io.StringWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Writes what native calls answer: snake_case fields, none left out, `null` for what is not there.
public final class Written {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Written() {}

  /// One object.
  ///
  /// @param fields writes what stands between its braces
  public static String object(Consumer<JsonGenerator> fields) {
    var text = new StringWriter(512);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  /// A page: `items`, and `next`, the cursor of the following page.
  ///
  /// @param items writes the items, each as an object
  /// @param next empty when nothing follows
  public static String page(Consumer<JsonGenerator> items, Optional<String> next) {
    return object(json -> {
      json.writeArrayPropertyStart("items");
      items.accept(json);
      json.writeEndArray();
      text(json, "next", next);
    });
  }

  /// A text or `null`.
  public static void text(JsonGenerator json, String name, Optional<String> value) {
    if (value.isPresent()) {
      json.writeStringProperty(name, value.get());
    } else {
      json.writeNullProperty(name);
    }
  }

  /// A moment.
  public static void time(JsonGenerator json, String name, Instant value) {
    json.writeStringProperty(name, value.toString());
  }

  /// A moment or `null`.
  public static void time(JsonGenerator json, String name, Optional<Instant> value) {
    text(json, name, value.map(Instant::toString));
  }
}
