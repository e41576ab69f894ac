package dev.carillon.gateway.upstream.http;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a task stands at a provider, as it is stored with the task.
///
/// @param provider whose job it is
/// @param key the [ProviderKey#id] it was submitted with
/// @param sentAt when it was submitted, in epoch milliseconds
/// @param job what the provider told about the job; empty while nobody knows whether it took it
record UpstreamRef(String provider, String key, long sentAt, Map<String, String> job) {
  /// Longest text that is stored; a provider's longer values are a mistake.
  static final int MOST_CHARS = 8_192;

  UpstreamRef {
    job = Map.copyOf(job);
  }

  boolean isKnown() {
    return !job.isEmpty();
  }

  UpstreamRef with(Map<String, String> known) {
    return new UpstreamRef(provider, key, sentAt, known);
  }

  String text() {
    ObjectNode tree = Reply.Json.MAPPER.createObjectNode();
    tree.put("provider", provider).put("key", key).put("sent_at", sentAt);
    if (isKnown()) {
      ObjectNode values = tree.putObject("job");
      new TreeMap<>(job).forEach(values::put);
    }
    return tree.toString();
  }

  /// Reads a stored one; empty for another's form of reference.
  static Optional<UpstreamRef> parse(String text) {
    if (!text.startsWith("{")) {
      return Optional.empty();
    }
    try {
      JsonNode tree = Reply.Json.MAPPER.readTree(text);
      Map<String, String> job = new TreeMap<>();
      tree.path("job").properties().forEach(e -> job.put(e.getKey(), e.getValue().asString("")));
      return Optional.of(
          new UpstreamRef(
              tree.path("provider").asString(""),
              tree.path("key").asString(""),
              tree.path("sent_at").asLong(0),
              job));
    } catch (JacksonException broken) {
      return Optional.empty();
    }
  }
}
