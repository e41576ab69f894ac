package dev.carillon.gateway.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One setting.
///
/// @param name in kebab-case with dots between groups, such as `callback.allow-private`
/// @param meaning one line for people
/// @param range what is allowed, with the unit, such as `1 to 65535`
/// @param defaultText the default as one would write it
/// @param parser turns text into the value; throws [IllegalArgumentException] with what to write
public record Key<T>(
    String name, String meaning, String range, String defaultText, Parser<T> parser) {

  private static final int SECRET_CHARS = 256;

  /// Turns the text of a setting into its value.
  @FunctionalInterface
  public interface Parser<T> {
    T parse(String text);
  }

  /// The name of the environment variable for this key, such as `CARILLON_CALLBACK_ALLOW_PRIVATE`.
  public String variable() {
    return "CARILLON_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /// Parses a text.
  ///
  /// @throws IllegalArgumentException with what to write instead
  T parse(String text) {
    return parser.parse(text.strip());
  }

  static Key<Boolean> flag(String name, boolean byDefault, String meaning) {
    return new Key<>(name, meaning, "true or false", String.valueOf(byDefault), Key::parseFlag);
  }

  static Key<Integer> integer(String name, int byDefault, int min, int max, String meaning) {
    return new Key<>(
        name,
        meaning,
        min + " to " + max,
        String.valueOf(byDefault),
        text -> Math.toIntExact(parseLong(text, min, max)));
  }

  static Key<Long> bytes(String name, String byDefault, long min, long max, String meaning) {
    return new Key<>(
        name,
        meaning,
        "bytes, such as 512KiB, 2MiB or 1GiB; " + min + " to " + max,
        byDefault,
        text -> inRange(parseBytes(text), min, max));
  }

  static Key<BigDecimal> decimal(
      String name, String byDefault, String min, String max, String meaning) {
    return new Key<>(
        name,
        meaning,
        "a number from " + min + " to " + max,
        byDefault,
        text -> parseDecimal(text, new BigDecimal(min), new BigDecimal(max)));
  }

  static Key<Duration> duration(
      String name, String byDefault, String min, String max, String meaning) {
    return new Key<>(
        name,
        meaning,
        "a duration such as 500ms, 30s, 5m, 2h or 7d; " + min + " to " + max,
        byDefault,
        text -> parseDuration(text, Durations.parse(min), Durations.parse(max)));
  }

  static Key<List<Duration>> durations(String name, String byDefault, String meaning) {
    return new Key<>(
        name,
        meaning,
        "1 to 30 durations with commas between, each 10ms to 14d",
        byDefault,
        Key::parseDurations);
  }

  static Key<String> text(String name, String byDefault, String range, String meaning) {
    return new Key<>(name, meaning, range, byDefault, text -> text);
  }

  /// A text of a certain form; empty by default.
  static Key<String> matching(String name, String form, String range, String meaning) {
    return matching(name, "", form, range, meaning);
  }

  /// A text of a certain form.
  static Key<String> matching(
      String name, String byDefault, String form, String range, String meaning) {
    return new Key<>(
        name,
        meaning,
        range,
        byDefault,
        text -> {
          if (!text.matches(form)) {
            throw new IllegalArgumentException("write " + range);
          }
          return text;
        });
  }

  /// A text that is never shown; empty unless set.
  ///
  /// @param least how many characters it has at least
  static Key<String> secret(String name, int least, String range, String meaning) {
    return new Key<>(
        name,
        meaning,
        range,
        "",
        text -> {
          boolean fits =
              text.isEmpty()
                  || (text.length() >= least
                      && text.length() <= SECRET_CHARS
                      && text.chars().allMatch(c -> c > ' ' && c < 0x7f));
          if (!fits) {
            throw new IllegalArgumentException(
                "write "
                    + least
                    + " to "
                    + SECRET_CHARS
                    + " visible ASCII characters without spaces");
          }
          return text;
        });
  }

  /// Whether its value must not be shown.
  boolean isSecret() {
    return name.endsWith(".token")
        || name.endsWith(".password")
        || name.endsWith(".secret-key")
        || name.startsWith("secrets.")
        || name.equals("provider.keys");
  }

  static Key<List<String>> words(String name, String range, String meaning) {
    return new Key<>(
        name,
        meaning,
        range,
        "",
        text -> Stream.of(text.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList());
  }

  /// The same as [#secret], which also stands in lists with commas between.
  static Key<String> listedSecret(String name, int least, String range, String meaning) {
    Key<String> secret = secret(name, least, range, meaning);
    return new Key<>(
        name,
        meaning,
        range,
        "",
        text -> {
          if (text.contains(",")) {
            throw new IllegalArgumentException("write it without a comma");
          }
          return secret.parse(text);
        });
  }

  /// Words of the form `name=value`.
  ///
  /// @param form what each must match
  static Key<List<String>> pairs(String name, String form, String range, String meaning) {
    Key<List<String>> words = words(name, range, meaning);
    return new Key<>(
        name,
        meaning,
        range,
        "",
        text -> {
          List<String> pairs = words.parse(text);
          if (!pairs.stream().allMatch(pair -> pair.matches(form))) {
            throw new IllegalArgumentException("write " + range);
          }
          return pairs;
        });
  }

  static <E extends Enum<E>> Key<E> choice(String name, E byDefault, String meaning) {
    Class<E> type = byDefault.getDeclaringClass();
    String range =
        Stream.of(Objects.requireNonNull(type.getEnumConstants()))
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    return new Key<>(
        name,
        meaning,
        "one of " + range,
        byDefault.name().toLowerCase(Locale.ROOT),
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
  }

  private static boolean parseFlag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default -> throw new IllegalArgumentException("write true or false");
    };
  }

  private static long parseLong(String text, long min, long max) {
    try {
      return inRange(Long.parseLong(text.replace("_", "")), min, max);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("write a whole number", notANumber);
    }
  }

  private static long parseBytes(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    long unit =
        lower.endsWith("kib")
            ? 1L << 10
            : lower.endsWith("mib") ? 1L << 20 : lower.endsWith("gib") ? 1L << 30 : 1;
    String number = unit == 1 ? lower : lower.substring(0, lower.length() - 3);
    try {
      return Math.multiplyExact(Long.parseLong(number.strip()), unit);
    } catch (NumberFormatException | ArithmeticException notASize) {
      throw new IllegalArgumentException("write a size such as 2MiB", notASize);
    }
  }

  private static long inRange(long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException("it must be " + min + " to " + max);
    }
    return value;
  }

  private static BigDecimal parseDecimal(String text, BigDecimal min, BigDecimal max) {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException("write a number", notANumber);
    }
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException("it must be " + min + " to " + max);
    }
    return value;
  }

  private static Duration parseDuration(String text, Duration min, Duration max) {
    Duration value = Durations.parse(text);
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "it must be " + Durations.format(min) + " to " + Durations.format(max));
    }
    return value;
  }

  private static List<Duration> parseDurations(String text) {
    List<Duration> values =
        Stream.of(text.split(",", -1))
            .map(item -> parseDuration(item.strip(), Duration.ofMillis(10), Duration.ofDays(14)))
            .toList();
    if (values.size() > 30) {
      throw new IllegalArgumentException("at most 30 durations");
    }
    return values;
  }
}
