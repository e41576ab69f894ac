package dev.carillon.gateway.domain;

import java.util.Optional;

/// A caller's name for one creating request: 1 to 255 visible ASCII characters. Within an
/// application it stands for one task for as long as that is kept.
public record IdempotencyKey(String value) {
  private static final int LONGEST = 255;

  public IdempotencyKey {
    if (!isValid(value)) {
      throw new IllegalArgumentException("a key has 1 to " + LONGEST + " visible characters");
    }
  }

  /// The key in a header's value: as it stands, or within double quotes, as the Internet-Draft "The
  /// Idempotency-Key HTTP Header Field" writes it; both name the same key.
  public static Optional<IdempotencyKey> parse(String header) {
    String text = header.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    String key =
        quoted
            ? text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
            : text;
    return isValid(key) ? Optional.of(new IdempotencyKey(key)) : Optional.empty();
  }

  private static boolean isValid(String key) {
    return !key.isEmpty()
        && key.length() <= LONGEST
        && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
