package dev.carillon.gateway.config;

import java.time.Duration;
import java.util.Locale;

/// Durations as people write them: a whole number and one of `ms`, `s`, `m`, `h`, `d`.
public final class Durations {
  private Durations() {}

  /// Reads such as `30s`; a bare number counts seconds.
  ///
  /// @throws IllegalArgumentException with what to write
  public static Duration parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
      digits++;
    }
    if (digits == 0 || digits > 12) {
      throw new IllegalArgumentException("write a duration such as 30s or 5m");
    }
    long number = Long.parseLong(lower.substring(0, digits));
    return switch (lower.substring(digits).strip()) {
      case "ms" -> Duration.ofMillis(number);
      case "", "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> throw new IllegalArgumentException("write a duration such as 30s or 5m");
    };
  }

  /// The shortest form that [#parse] reads back.
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }
}
