package dev.carillon.gateway.openai.passthrough;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What one server-sent event of a provider says.
///
/// @param done whether it is the last one, `[DONE]`
/// @param json its data, where that is JSON
record Event(boolean done, Optional<JsonNode> json) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static Event of(byte[] bytes) {
    String data =
        new String(bytes, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("data:"))
            .map(line -> line.substring(5).strip())
            .collect(Collectors.joining("\n"));
    if (data.equals("[DONE]")) {
      return new Event(true, Optional.empty());
    }
    if (!data.startsWith("{")) {
      return new Event(false, Optional.empty());
    }
    try {
      return new Event(false, Optional.of(JSON.readTree(data)));
    } catch (JacksonException notJson) {
      return new Event(false, Optional.empty());
    }
  }

  boolean isError() {
    return json.filter(tree -> tree.path("error").isObject()).isPresent();
  }

  /// Whether it only tells what was used.
  boolean isUsage() {
    return json.filter(tree ->
            tree.path("usage").isObject()
                && tree.path("choices").isArray()
                && tree.path("choices").isEmpty())
        .isPresent();
  }

  /// Whether it says why the answer ends.
  boolean finishes() {
    return json.stream()
        .flatMap(tree -> tree.path("choices").valueStream())
        .anyMatch(choice -> choice.path("finish_reason").isString());
  }
}
