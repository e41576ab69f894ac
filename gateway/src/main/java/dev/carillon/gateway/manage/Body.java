package dev.carillon.gateway.manage;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Spelling;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a managing request; each fault is a `bad_request` that names the field. A `null`
/// is a field that is not there.
record Body(ObjectNode fields) {
  private static final int MOST_WORDS = 100;
  private static final int MOST_DIGITS = 8;
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h|d|)");

  /// The body of a call; an empty one has no fields.
  static Body of(Call call) {
    return call.body().length == 0
        ? new Body(JsonNodeFactory.instance.objectNode())
        : new Body(call.json().node());
  }

  /// Refuses fields that are none, as a mistyped one would else be passed over.
  Body only(String... names) {
    List<String> known = List.of(names);
    for (String name : fields.propertyNames()) {
      if (!known.contains(name)) {
        throw fault("there is no field '" + name + "' here" + Spelling.didYouMean(name, known));
      }
    }
    return this;
  }

  /// Whether the field is there, be it as `null`.
  boolean has(String name) {
    return fields.has(name);
  }

  private Optional<JsonNode> field(String name) {
    return Optional.ofNullable(fields.get(name)).filter(node -> !node.isNull());
  }

  /// A text of at most so many characters, none of them a control character.
  Optional<String> text(String name, int most) {
    return field(name)
        .map(node -> {
          String text = node.isString() ? node.stringValue().strip() : "\0";
          if (text.length() > most || text.chars().anyMatch(Character::isISOControl)) {
            throw fault(name + " must be one line of at most " + most + " characters");
          }
          return text;
        })
        .filter(text -> !text.isEmpty());
  }

  Optional<Boolean> flag(String name) {
    return field(name)
        .map(node -> {
          if (!node.isBoolean()) {
            throw fault(name + " must be true or false");
          }
          return node.booleanValue();
        });
  }

  /// An amount of credits, as a number or as text.
  Optional<Money> money(String name) {
    return field(name)
        .map(node -> {
          try {
            return Money.ofCredits(node.isNumber() ? node.numberValue().toString() : text(node));
          } catch (ArithmeticException | NumberFormatException wrong) {
            throw fault(name + " must be an amount such as 12.5, with at most six decimals");
          }
        });
  }

  /// An amount that is not negative.
  Optional<Money> limit(String name) {
    return money(name)
        .map(amount -> {
          if (amount.isNegative()) {
            throw fault(name + " must not be negative");
          }
          return amount;
        });
  }

  /// A whole number from 1 to `most`, as a number or as text.
  Optional<Integer> whole(String name, int most) {
    return field(name)
        .map(node -> {
          String text = node.isIntegralNumber() ? node.toString() : text(node);
          if (!text.matches("[1-9][0-9]{0,8}") || Integer.parseInt(text) > most) {
            throw fault(name + " must be a whole number from 1 to " + most);
          }
          return Integer.valueOf(text);
        });
  }

  /// A number that need not be whole, as a number or as text.
  Optional<BigDecimal> decimal(String name) {
    return field(name)
        .map(node -> {
          String text = node.isNumber() ? node.numberValue().toString() : text(node);
          try {
            var number = new BigDecimal(text);
            if (number.signum() >= 0
                && number.scale() <= MOST_DIGITS
                && number.precision() - number.scale() <= MOST_DIGITS) {
              return number;
            }
          } catch (NumberFormatException noNumber) {
            // The one message below says what is wanted in either case.
          }
          throw fault(name + " must be a number such as 5 or 0.5");
        });
  }

  Optional<Instant> time(String name) {
    return field(name).map(node -> instant(name, text(node)));
  }

  /// How long, as seconds or as text such as `10m`.
  Optional<Duration> duration(String name, Duration most) {
    return field(name)
        .map(node -> {
          Matcher found = DURATION.matcher(node.isNumber() ? node.toString() : text(node));
          if (!found.matches()) {
            throw fault(name + " must be a duration such as 30s, 10m, 2h or 1d");
          }
          long number = Long.parseLong(found.group(1));
          Duration duration =
              switch (found.group(2)) {
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                case "d" -> Duration.ofDays(number);
                default -> Duration.ofSeconds(number);
              };
          if (duration.compareTo(most) > 0) {
            throw fault(name + " must be at most " + most.toHours() + "h");
          }
          return duration;
        });
  }

  /// A list of words, or one word for a list of one.
  Optional<Set<String>> words(String name) {
    return field(name)
        .map(node -> {
          var words = new LinkedHashSet<String>();
          for (JsonNode word : node.isArray() ? node : List.of(node)) {
            words.add(text(word));
          }
          if (words.size() > MOST_WORDS || words.contains("")) {
            throw fault(name + " must be a list of at most " + MOST_WORDS + " words");
          }
          return words;
        });
  }

  /// The text of an object, at most so many characters.
  Optional<String> object(String name, int most) {
    return field(name)
        .map(node -> {
          String text = node.toString();
          if (!node.isObject() || text.length() > most) {
            throw fault(name + " must be an object of at most " + most + " characters");
          }
          return text;
        });
  }

  private static String text(JsonNode node) {
    return node.isString() ? node.stringValue().strip() : "";
  }

  /// Reads a time in the forms that clients send: with or without a zone, or only a day.
  static Instant instant(String name, String text) {
    try {
      if (!text.matches("[0-9]{4}-.{1,36}")) {
        throw new DateTimeParseException("no year of four digits", text, 0);
      }
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return text.endsWith("Z") || text.matches(".*[+-][0-9]{2}:?[0-9]{2}")
          ? java.time.OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException wrong) {
      throw fault(name + " must be a time such as 2026-11-23T12:00:00Z");
    }
  }

  static Problem fault(String what) {
    return new Problem(ErrorCode.BAD_REQUEST, what + ".");
  }
}
