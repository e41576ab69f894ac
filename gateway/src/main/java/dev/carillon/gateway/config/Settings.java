package dev.carillon.gateway.config;

import dev.carillon.gateway.domain.Spelling;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The value of every key, and where it came from.
public final class Settings {
  private static final String PREFIX = "CARILLON_";

  /// Variables with our prefix that are not settings of the gateway: they belong to its clients and
  /// to the launcher.
  private static final Set<String> OTHER_VARIABLES =
      Set.of("CARILLON_URL", "CARILLON_TOKEN", "CARILLON_CONFIG", "CARILLON_JAVA_OPTS");

  /// The password in a URL, which is not shown either.
  private static final Pattern PASSWORD = Pattern.compile("(://[^:/@]*):.*@");

  private final Map<String, Setting> byName;

  private Settings(Map<String, Setting> byName) {
    this.byName = byName;
  }

  private record Setting(Object value, String text, String source) {}

  /// Texts from one place, by key name.
  ///
  /// @param source how mistakes name the place, such as `carillon.yaml`
  public record Source(String source, Map<String, String> texts) {}

  /// Reads all keys; a later source wins over an earlier one.
  ///
  /// @throws ConfigException with every mistake of every source
  public static Settings of(List<Source> sources) {
    List<String> faults = new ArrayList<>();
    Map<String, Setting> byName = new LinkedHashMap<>();
    for (Key<?> key : Keys.ALL) {
      byName.put(
          key.name(), new Setting(key.parse(key.defaultText()), key.defaultText(), "default"));
    }
    for (Source source : sources) {
      source.texts().forEach((name, text) -> read(source.source(), name, text, byName, faults));
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new Settings(byName);
  }

  private static void read(
      String source, String name, String text, Map<String, Setting> byName, List<String> faults) {
    Optional<Key<?>> key = Keys.find(name);
    if (key.isEmpty()) {
      faults.add(source + ": there is no key '" + name + "'" + guess(name));
      return;
    }
    try {
      byName.put(name, new Setting(key.get().parse(text), text, source));
    } catch (IllegalArgumentException wrong) {
      String reason = String.valueOf(wrong.getMessage());
      String range = key.get().range();
      faults.add(
          "%s: %s cannot be '%s': %s"
              .formatted(
                  source,
                  name,
                  shown(name, text),
                  reason.contains(range) ? reason : reason + " (" + range + ")"));
    }
  }

  /// What was probably meant, in the writer's own spelling: a variable for a variable.
  private static String guess(String name) {
    boolean variable = name.startsWith(PREFIX);
    return Spelling.didYouMean(
        name, Keys.ALL.stream().map(key -> variable ? key.variable() : key.name()).toList());
  }

  /// The settings that stand in the environment, as a source. An unknown variable with our prefix
  /// is kept under its own name, so that [#of] tells about it.
  public static Source environment(Map<String, String> environment) {
    Map<String, String> byVariable = new HashMap<>();
    Keys.ALL.forEach(key -> byVariable.put(key.variable(), key.name()));
    Map<String, String> texts = new LinkedHashMap<>();
    environment.forEach((variable, text) -> {
      if (variable.startsWith(PREFIX) && !OTHER_VARIABLES.contains(variable)) {
        texts.put(byVariable.getOrDefault(variable, variable), text);
      }
    });
    return new Source("environment", texts);
  }

  /// The value of a key.
  @SuppressWarnings("unchecked") // only the key's own parser made the value
  public <T> T get(Key<T> key) {
    Setting setting = byName.get(key.name());
    if (setting == null) {
      throw new IllegalArgumentException(key.name() + " is not in the list of keys");
    }
    return (T) setting.value();
  }

  /// Every key with the text in force and its source, one line each, for the log of the start;
  /// secrets are hidden.
  public List<String> effective() {
    return byName.entrySet().stream()
        .map(e ->
            "%s=%s (%s)"
                .formatted(
                    e.getKey(), shown(e.getKey(), e.getValue().text()), e.getValue().source()))
        .toList();
  }

  private static String shown(String name, String text) {
    boolean hidden = !text.isEmpty() && Keys.find(name).filter(Key::isSecret).isPresent();
    return hidden ? "…" : PASSWORD.matcher(text).replaceAll("$1:…@");
  }
}
