package dev.carillon.gateway.delivery;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The beginning of an answer's body, as text that is safe to show: line breaks and tabs are
/// spaces, other control and formatting characters are replaced. A packed body shows nothing.
final class Excerpt {
  private static final int REPLACEMENT = 0xFFFD;
  private static final int LONGEST_LETTER = 4; // bytes in UTF-8

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final boolean readable;

  /// @param encoding the `Content-Encoding`, if any
  Excerpt(@Nullable String encoding) {
    this.readable = encoding == null || encoding.isBlank() || encoding.equals("identity");
  }

  void add(byte[] bytes, int count) {
    if (readable) {
      kept.write(bytes, 0, Math.min(count, DeliveryConfig.EXCERPT_BYTES - kept.size()));
    }
  }

  String text() {
    String whole = kept.toString(StandardCharsets.UTF_8);
    if (kept.size() == DeliveryConfig.EXCERPT_BYTES) {
      whole = withoutCutLetter(whole);
    }
    return whole
        .codePoints()
        .map(Excerpt::shown)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .strip();
  }

  /// The bound may have cut a letter apart.
  private static String withoutCutLetter(String text) {
    int end = text.length();
    while (end > 0 && text.length() - end < LONGEST_LETTER && text.charAt(end - 1) == REPLACEMENT) {
      end--;
    }
    return text.substring(0, end);
  }

  private static int shown(int letter) {
    if (letter == '\n' || letter == '\r' || letter == '\t') {
      return ' ';
    }
    return switch (Character.getType(letter)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          REPLACEMENT;
      default -> letter;
    };
  }
}
