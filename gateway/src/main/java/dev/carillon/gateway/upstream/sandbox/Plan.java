package dev.carillon.gateway.upstream.sandbox;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an endpoint's instructions, in which every value may be missing or of a strange type, for
/// much of it came from the caller.
record Plan(Map<String, Object> values) {
  private static final int MOST_WORKS = 24;
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)s?");

  String kind() {
    return text("kind");
  }

  /// How many works, from 1 to 24.
  int count() {
    return Math.clamp(number("count").orElse(1.0).longValue(), 1, MOST_WORKS);
  }

  /// A text without script words and outer space; empty when there is none.
  String text(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof Map) {
      return "";
    }
    if (value instanceof List<?> many) {
      return Script.stripped(String.join(" ", many.stream().map(String::valueOf).toList())).strip();
    }
    return Script.stripped(String.valueOf(value)).strip();
  }

  /// A text in lower case.
  String word(String key) {
    return text(key).toLowerCase(Locale.ROOT);
  }

  /// The first of several texts that is not empty.
  Optional<String> first(String... keys) {
    for (String key : keys) {
      String text = text(key);
      if (!text.isEmpty()) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }

  boolean flag(String key) {
    return text(key).equals("true");
  }

  /// A number, also where it is written as a text such as `10` or `10s`.
  Optional<Double> number(String key) {
    Object value = values.get(key);
    if (value instanceof Number number) {
      double plain = number.doubleValue();
      return Double.isFinite(plain) ? Optional.of(plain) : Optional.empty();
    }
    Matcher written = NUMBER.matcher(word(key));
    return written.matches() ? Optional.of(Double.parseDouble(written.group(1))) : Optional.empty();
  }

  /// The seed the caller gave, if it gave one.
  OptionalLong seed() {
    Optional<Double> seed = number("seed");
    return seed.isPresent() ? OptionalLong.of(seed.get().longValue()) : OptionalLong.empty();
  }
}
