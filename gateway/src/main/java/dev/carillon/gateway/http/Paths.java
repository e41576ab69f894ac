package dev.carillon.gateway.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// Brings the many forms of a path that clients send to one (contract sections 0.8 and 1.1).
final class Paths {
  private static final String VERSION = "/v1";
  private static final Set<String> SCHEMES = Set.of("http", "https");

  private Paths() {}

  /// Percent-decodes once, collapses doubled slashes, strips all leading `/v1` segments and a
  /// trailing slash.
  ///
  /// @throws IllegalArgumentException when an escape is broken or hides what is no text
  static String normalise(String raw) {
    String path = slashesCollapsed(decoded(withoutAuthority(raw)));
    while (path.startsWith(VERSION)
        && (path.length() == VERSION.length() || path.charAt(VERSION.length()) == '/')) {
      path = path.substring(VERSION.length());
    }
    int end = path.length();
    if (end > 1 && path.charAt(end - 1) == '/') {
      path = path.substring(0, end - 1);
    }
    return path.isEmpty() ? "/" : path;
  }

  /// The path of the absolute form, which a client sends to what it takes for a proxy; a server has
  /// to understand it (RFC 9112 section 3.2.2).
  private static String withoutAuthority(String raw) {
    int scheme = raw.indexOf("://");
    if (scheme < 0 || !SCHEMES.contains(raw.substring(0, scheme).toLowerCase(Locale.ROOT))) {
      return raw;
    }
    int path = raw.indexOf('/', scheme + 3);
    return path < 0 ? "/" : raw.substring(path);
  }

  private static String slashesCollapsed(String path) {
    if (!path.contains("//")) {
      return path;
    }
    var kept = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c != '/' || i == 0 || path.charAt(i - 1) != '/') {
        kept.append(c);
      }
    }
    return kept.toString();
  }

  /// Decodes `%XX`; a plus stays a plus.
  static String decoded(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    byte[] in = raw.getBytes(StandardCharsets.UTF_8);
    var out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        if (i + 2 >= in.length) {
          throw new IllegalArgumentException("a percent escape is cut off");
        }
        out.put((byte) (hex(in[i + 1]) << 4 | hex(in[i + 2])));
        i += 2;
      } else {
        out.put(in[i]);
      }
    }
    return text(out.flip());
  }

  private static int hex(byte digit) {
    int value = Character.digit(digit, 16);
    if (value < 0) {
      throw new IllegalArgumentException("a percent escape has no two hexadecimal digits");
    }
    return value;
  }

  private static String text(ByteBuffer bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("a percent escape hides a control character");
      }
      return text;
    } catch (CharacterCodingException notText) {
      throw new IllegalArgumentException("percent escapes are no UTF-8", notText);
    }
  }
}
