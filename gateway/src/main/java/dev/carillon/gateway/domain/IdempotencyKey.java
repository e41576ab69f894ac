package dev.carillon.gateway.domain;

import java.util.Optional;

/// A name for one creating request: 1 to 255 visible ASCII characters. Within an application it
/// stands for one task for as long as that is kept.
///
/// Most are given by callers. One that is [#derived] begins with a space, which no header can
/// carry, so it is never one of theirs, and they are not shown it.
public record IdempotencyKey(String value) {
  private static final int LONGEST = 255;

  public IdempotencyKey {
    if (!isValid(value.startsWith(" ") ? value.substring(1) : value)) {
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

  /// A key of the gateway's own making.
  public static IdempotencyKey derived(String text) {
    return new IdempotencyKey(" " + text);
  }

  /// Whether the gateway made it, and not a caller.
  public boolean isDerived() {
    return value.startsWith(" ");
  }

  private static boolean isValid(String key) {
    return !key.isEmpty()
        && key.length() <= LONGEST
        && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
