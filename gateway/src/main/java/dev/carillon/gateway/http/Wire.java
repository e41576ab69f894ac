package dev.carillon.gateway.http;

import dev.carillon.api.HeaderNames;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderValues;

/// Names and values that every answer uses, made once.
final class Wire {
  static final HeaderName TRACE = io.helidon.http.HeaderNames.create(HeaderNames.TRACE_ID);
  static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");

  private Wire() {}

  /// A header value without the line breaks that could forge another header.
  static String oneLine(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (unsafe(value.charAt(i))) {
        return cleaned(value);
      }
    }
    return value;
  }

  private static boolean unsafe(char c) {
    return c < ' ' || c > '~';
  }

  private static String cleaned(String value) {
    var clean = new StringBuilder(value.length());
    value.chars().forEach(c -> clean.append(unsafe((char) c) ? ' ' : (char) c));
    return clean.toString();
  }
}
