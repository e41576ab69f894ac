package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.KeyText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All keys of one provider. `NAME` in the environment is the first; `NAME_2` to `NAME_16` are
/// further ones with limits of their own.
record KeyPool(List<ProviderKey> keys) {
  private static final int MOST = 16;

  /// What is wrong with the keys that stand in an environment. No key is told.
  static List<String> faults(Definition definition, Map<String, String> environment) {
    List<String> faults = new ArrayList<>();
    definition
        .keys()
        .values()
        .forEach(variable -> {
          for (int number = 1; number <= MOST; number++) {
            String name = number == 1 ? variable : variable + "_" + number;
            KeyText.fault(name, environment.getOrDefault(name, "")).ifPresent(faults::add);
          }
        });
    return faults;
  }

  /// The keys that stand in an environment; none when any part of the first is missing.
  static KeyPool of(Definition definition, Map<String, String> environment) {
    List<ProviderKey> keys = new ArrayList<>();
    int most = definition.keys().isEmpty() ? 1 : MOST;
    for (int number = 1; number <= most; number++) {
      String suffix = number == 1 ? "" : "_" + number;
      Map<String, String> values = new LinkedHashMap<>();
      definition
          .keys()
          .forEach((name, variable) -> {
            String value = environment.getOrDefault(variable + suffix, "").strip();
            if (!value.isEmpty()) {
              values.put(name, value);
            }
          });
      if (values.size() == definition.keys().size()) {
        keys.add(new ProviderKey(values, definition.quota()));
      }
    }
    return new KeyPool(List.copyOf(keys));
  }

  /// The key with the shortest queue that has a place for one more job, which it then holds.
  Optional<ProviderKey> enter(TaskId task, Duration now) {
    return keys.stream()
        .filter(key -> !key.isBroken(now))
        .sorted(
            Comparator.comparing((ProviderKey key) -> key.pace().queue(now))
                .thenComparingInt(ProviderKey::openJobs))
        .filter(key -> key.enter(task, now))
        .findFirst();
  }

  boolean allBroken(Duration now) {
    return keys.stream().allMatch(key -> key.isBroken(now));
  }

  Optional<ProviderKey> byId(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  void leave(TaskId task) {
    keys.forEach(key -> key.leave(task));
  }
}
