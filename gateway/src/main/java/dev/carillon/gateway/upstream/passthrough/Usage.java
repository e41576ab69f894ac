package dev.carillon.gateway.upstream.passthrough;

/// What a call used, or may use at most.
///
/// @param input tokens that were sent
/// @param output tokens that came back
/// @param characters of text that were read aloud
public record Usage(long input, long output, long characters) {
  public static final Usage NONE = new Usage(0, 0, 0);

  public Usage {
    if (input < 0 || output < 0 || characters < 0) {
      throw new IllegalArgumentException("a usage is never negative");
    }
  }
}
