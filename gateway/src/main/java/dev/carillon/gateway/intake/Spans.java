package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Problem;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Spans of time as callers write them: `90`, `500ms`, `30s`, `5m`, `2h` or `7d`; a bare number
/// counts seconds.
final class Spans {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,10})\\s*(ms|s|m|h|d)?");

  private Spans() {}

  /// Reads a span within limits.
  ///
  /// @param name what it is called where the caller wrote it
  /// @throws Problem `bad_request` naming it and the limits
  static Duration parse(String name, String text, Duration least, Duration most) {
    Matcher parts = SPAN.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (parts.matches()) {
      Duration span = span(Long.parseLong(parts.group(1)), String.valueOf(parts.group(2)));
      if (span.compareTo(least) >= 0 && span.compareTo(most) <= 0) {
        return span;
      }
    }
    throw new Problem(
        ErrorCode.BAD_REQUEST,
        "%s must be a time such as 30s, 5m, 2h or 7d, from %s to %s."
            .formatted(name, words(least), words(most)));
  }

  private static Duration span(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofSeconds(number);
    };
  }

  private static String words(Duration span) {
    long seconds = span.toSeconds();
    if (seconds % 86_400 == 0 && seconds > 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0 && seconds > 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
