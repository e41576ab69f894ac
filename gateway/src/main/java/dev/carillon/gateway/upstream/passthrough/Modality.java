package dev.carillon.gateway.upstream.passthrough;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a passed-through call asks for.
public enum Modality {
  CHAT("/chat/completions"),
  EMBEDDINGS("/embeddings"),
  SPEECH("/audio/speech");

  private final String path;

  Modality(String path) {
    this.path = path;
  }

  /// The path below a provider's base URL, and below `/v1` here.
  public String path() {
    return path;
  }

  /// The key of its endpoint in the catalog.
  public String endpoint() {
    return "/openai" + path;
  }

  /// The word in provider files, such as `chat`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Modality> ofWord(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }
}
