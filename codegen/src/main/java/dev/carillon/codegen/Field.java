package dev.carillon.codegen;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/// One property of a request's schema.
///
/// @param wire its name in JSON
/// @param schema what the catalog says of it
/// @param required whether a request without it is refused
record Field(String wire, JsonNode schema, boolean required) {

  String name() {
    return Names.member(wire);
  }

  /// What has no single type takes whatever JSON can say.
  String javaType() {
    return switch (schema.path("type").asString("")) {
      case "string" -> "String";
      case "integer" -> "long";
      case "number" -> "double";
      case "boolean" -> "boolean";
      case "array" -> "java.util.List<" + itemType() + ">";
      default -> "Object";
    };
  }

  private String itemType() {
    return "string".equals(schema.path("items").path("type").asString("")) ? "String" : "?";
  }

  /// What the request begins with, as a Java literal: a required field with a default of its own
  /// need not be given.
  Optional<String> preset() {
    JsonNode value = schema.path("default");
    if (!required || value.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        value.isString() ? ServiceSource.quoted(value.asString()) : value.toString());
  }

  /// Whether it has to be given to begin with.
  boolean asked() {
    return required && preset().isEmpty();
  }

  /// One or two lines about it.
  String doc() {
    String about = schema.path("description").asString(wire);
    String values =
        StreamSupport.stream(schema.path("enum").spliterator(), false)
            .map(value -> "`" + value.asString() + "`")
            .collect(Collectors.joining(", "));
    String usual = schema.path("default").isMissingNode() ? "" : usual();
    return about + (values.isEmpty() ? "" : " One of " + values + ".") + usual;
  }

  private String usual() {
    JsonNode value = schema.path("default");
    return " Without it: `" + (value.isString() ? value.asString() : value.toString()) + "`.";
  }
}
