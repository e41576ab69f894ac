package dev.carillon.gateway.openai.passthrough;

import dev.carillon.gateway.upstream.passthrough.Modality;
import dev.carillon.gateway.upstream.passthrough.Usage;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Counts what an answer used: as its provider says, or, where an answer broke off before it did,
/// by what had come: one token for each piece of text, and one for every four of its characters
/// where those are more. Of one thread.
final class Meter {
  private static final int CHARACTERS_OF_TOKEN = 4;

  private final Wish wish;
  private Optional<Usage> told = Optional.empty();
  private long pieces;
  private long characters;

  Meter(Wish wish) {
    this.wish = wish;
  }

  /// Takes in an answer, or a piece of one.
  void count(JsonNode answer) {
    JsonNode usage = answer.path("usage");
    if (usage.isObject()) {
      told =
          Optional.of(
              new Usage(
                  Math.max(0, usage.path("prompt_tokens").asLong(0)),
                  Math.max(0, usage.path("completion_tokens").asLong(0)),
                  0));
    }
    for (JsonNode choice : answer.path("choices")) {
      JsonNode part = choice.path(choice.has("delta") ? "delta" : "message");
      long length = length(part);
      pieces += length > 0 ? 1 : 0;
      characters += length;
    }
  }

  /// All the text in it: what is said, thought, refused, and called.
  private static long length(JsonNode part) {
    if (part.isString()) {
      return part.stringValue().length();
    }
    long sum = 0;
    for (var field : part.properties()) {
      sum += field.getKey().equals("role") ? 0 : length(field.getValue());
    }
    if (part.isArray()) {
      sum += part.valueStream().mapToLong(Meter::length).sum();
    }
    return sum;
  }

  /// Whether the provider said it.
  boolean isTold() {
    return told.isPresent();
  }

  Usage usage() {
    if (wish.modality() == Modality.SPEECH) {
      return wish.spoken();
    }
    return told.orElseGet(() ->
        new Usage(
            wish.likelyInput(),
            Math.max(pieces, Math.ceilDiv(characters, CHARACTERS_OF_TOKEN)),
            0));
  }
}
