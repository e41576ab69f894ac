package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.Spelling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads values of one definition file and gathers what is wrong with them, so that all of it is
/// told at once.
final class Faults {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s|m|h|d)");

  private final String file;
  private final List<String> found = new ArrayList<>();

  Faults(String file) {
    this.file = file;
  }

  void add(int line, String reason) {
    String fault = file + ":" + line + ": " + reason;
    if (!found.contains(fault)) {
      found.add(fault);
    }
  }

  List<String> found() {
    return List.copyOf(found);
  }

  /// The fields of an object; an empty object where there is none.
  Yaml.Fields fields(Optional<Yaml> value, String name) {
    return switch (value.orElse(new Yaml.Fields(1, Map.of()))) {
      case Yaml.Fields fields -> fields;
      case Yaml other -> {
        add(other.line(), name + " must be an object");
        yield new Yaml.Fields(other.line(), Map.of());
      }
    };
  }

  Yaml.Fields known(Yaml.Fields fields, String name, Collection<String> keys) {
    fields
        .values()
        .forEach((key, value) -> {
          if (!keys.contains(key)) {
            String where = name.isEmpty() ? "" : " in " + name;
            add(value.line(), "unknown key '" + key + "'" + where + Spelling.hint(key, keys));
          }
        });
    return fields;
  }

  static Optional<Yaml> get(Yaml.Fields fields, String key) {
    return Optional.ofNullable(fields.values().get(key));
  }

  Optional<String> text(Yaml.Fields fields, String key) {
    return get(fields, key)
        .flatMap(value ->
            switch (value) {
              case Yaml.Scalar scalar -> Optional.of(scalar.text().strip());
              case Yaml other -> {
                add(other.line(), key + " must be a text");
                yield Optional.<String>empty();
              }
            });
  }

  String needed(Yaml.Fields fields, String key) {
    Optional<String> text = text(fields, key);
    if (text.isEmpty()) {
      add(fields.line(), key + " is missing");
    }
    return text.orElse("");
  }

  List<Yaml> items(Yaml.Fields fields, String key) {
    return switch (get(fields, key).orElse(new Yaml.Items(1, List.of()))) {
      case Yaml.Items items -> items.values();
      case Yaml.Scalar one -> List.of(one);
      case Yaml other -> {
        add(other.line(), key + " must be a list");
        yield List.of();
      }
    };
  }

  List<String> texts(Yaml.Fields fields, String key) {
    List<String> texts = new ArrayList<>();
    for (Yaml item : items(fields, key)) {
      if (item instanceof Yaml.Scalar scalar) {
        texts.add(scalar.text().strip());
      } else {
        add(item.line(), key + " must be a list of words");
      }
    }
    return List.copyOf(texts);
  }

  boolean flag(Yaml.Fields fields, String key, boolean fallback) {
    return word(fields, key, List.of("true", "false"), fallback ? "true" : "false").equals("true");
  }

  String word(Yaml.Fields fields, String key, Collection<String> words, String fallback) {
    String sent = text(fields, key).orElse(fallback);
    if (!words.contains(sent)) {
      int line = get(fields, key).map(Yaml::line).orElse(fields.line());
      add(line, key + ": unknown word '" + sent + "'" + Spelling.hint(sent, words));
      return fallback;
    }
    return sent;
  }

  double number(Yaml.Fields fields, String key, double fallback) {
    Optional<String> text = text(fields, key);
    if (text.isPresent() && !text.get().matches("\\d{1,9}(\\.\\d{1,6})?")) {
      add(get(fields, key).map(Yaml::line).orElse(1), key + " must be a number");
      return fallback;
    }
    return text.map(Double::parseDouble).orElse(fallback);
  }

  Duration time(Yaml.Fields fields, String key, Duration fallback) {
    Optional<String> text = text(fields, key);
    if (text.isEmpty()) {
      return fallback;
    }
    Matcher matcher = TIME.matcher(text.get());
    if (!matcher.matches()) {
      add(
          get(fields, key).map(Yaml::line).orElse(1),
          key + " must be a time such as 500ms, 30s, 2m or 1h");
      return fallback;
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  Optional<Expression> expression(Yaml.Fields fields, String key) {
    return get(fields, key).flatMap(value -> expression(value, key));
  }

  Optional<Expression> expression(Yaml value, String key) {
    if (!(value instanceof Yaml.Scalar scalar)) {
      add(value.line(), key + " must be an expression");
      return Optional.empty();
    }
    try {
      return Optional.of(Expression.compile(scalar.text()));
    } catch (Expression.Mistake wrong) {
      addAt(scalar, key, wrong);
      return Optional.empty();
    }
  }

  Optional<Template> template(Yaml value, String key) {
    if (!(value instanceof Yaml.Scalar scalar)) {
      add(value.line(), key + " must be a text");
      return Optional.empty();
    }
    try {
      return Optional.of(Template.compile(scalar.text().strip()));
    } catch (Expression.Mistake wrong) {
      addAt(scalar, key, wrong);
      return Optional.empty();
    }
  }

  private void addAt(Yaml.Scalar scalar, String key, Expression.Mistake wrong) {
    String before = scalar.text().substring(0, Math.min(wrong.offset(), scalar.text().length()));
    int line = scalar.line() + (int) before.stripTrailing().lines().count() - 1;
    add(Math.max(scalar.line(), line), key + ": " + wrong.getMessage());
  }
}
