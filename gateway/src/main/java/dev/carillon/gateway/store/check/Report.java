package dev.carillon.gateway.store.check;

import java.util.List;
import java.util.Map;

/// What a look at a store found.
///
/// @param schema the version of its tables; 0 when there is no store
/// @param newest the version this Carillon writes
/// @param counts what there is, by name
/// @param laws in the order they were looked at; empty when the version is not the newest
public record Report(
    String store, int schema, int newest, Map<String, Long> counts, List<Finding> laws) {
  public Report {
    counts = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(counts));
    laws = List.copyOf(laws);
  }

  /// Whether a law holds.
  ///
  /// @param broken how many break it
  /// @param ids the first of them
  public record Finding(String law, String meaning, long broken, List<String> ids) {
    public Finding {
      ids = List.copyOf(ids);
    }
  }

  /// Whether all was looked at and every law holds.
  public boolean isSound() {
    return schema == newest && laws.stream().allMatch(law -> law.broken() == 0);
  }
}
