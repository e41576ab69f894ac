package dev.carillon.gateway.upstream.sandbox.media;

/// How long the made-up voice speaks.
public final class Speech {
  private Speech() {}

  /// Seconds for a text at the usual speed, at least one syllable's.
  public static double seconds(String text) {
    return Voice.seconds(text);
  }
}
