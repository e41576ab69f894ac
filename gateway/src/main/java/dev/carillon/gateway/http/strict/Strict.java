package dev.carillon.gateway.http.strict;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns texts of a request into values; each refusal names the parameter or field.
public final class Strict {
  private static final Pattern SPAN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|)");

  private Strict() {}

  /// A query parameter; an empty one counts as not given.
  public static Optional<String> query(Call call, String name) {
    return call.query(name).map(String::strip).filter(text -> !text.isEmpty());
  }

  /// A page's `limit`.
  public static int limit(Call call, int usual, int most) {
    return query(call, "limit").map(text -> number("limit", text, 1, most)).orElse(usual);
  }

  /// A whole number.
  public static int number(String name, String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // told below, as for a number out of range
    }
    throw refused("%s must be a whole number from %d to %d".formatted(name, min, max));
  }

  /// A moment in the form of RFC 3339.
  public static Instant time(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException wrong) {
      throw refused(name + " must be a time such as 2026-11-23T12:00:00Z");
    }
  }

  /// A moment, or how long ago it was, such as `1h`.
  public static Instant timeOrAgo(String name, String text, Instant now) {
    Optional<Duration> ago = readSpan(text);
    if (ago.isPresent()) {
      return now.minus(ago.get());
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException wrong) {
      throw refused(
          name + " must be a time such as 2026-11-23T12:00:00Z, or how long ago, such as 1h");
    }
  }

  /// A span such as `500ms`, `30s`, `5m`, `24h` or `7d`; a bare number means seconds.
  public static Duration span(String name, String text, Duration max) {
    return readSpan(text)
        .filter(span -> span.compareTo(max) <= 0)
        .orElseThrow(() ->
            refused(
                "%s must be a duration such as 30s, 5m, 24h or 7d, at most %s"
                    .formatted(name, words(max))));
  }

  private static Optional<Duration> readSpan(String text) {
    Matcher found = SPAN.matcher(text);
    if (!found.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(found.group(1));
    return Optional.of(
        switch (found.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          case "d" -> Duration.ofDays(count);
          default -> Duration.ofSeconds(count);
        });
  }

  private static String words(Duration span) {
    return span.toHours() >= 48 ? span.toDays() + "d" : span.toSeconds() + "s";
  }

  /// One of some words.
  public static <T> T oneOf(
      String name, String text, List<T> values, Function<? super T, String> word) {
    return values.stream()
        .filter(value -> word.apply(value).equals(text))
        .findFirst()
        .orElseThrow(() ->
            refused(
                name + " must be one of " + String.join(", ", values.stream().map(word).toList())));
  }

  /// One of an enum's words.
  public static <E extends Enum<E>> E oneOf(
      String name, String text, E[] values, Function<? super E, String> word) {
    return oneOf(name, text, Arrays.asList(values), word);
  }

  /// A `bad_request` with a sentence that says what to change.
  public static Problem refused(String sentence) {
    return new Problem(ErrorCode.BAD_REQUEST, sentence + ".");
  }
}
