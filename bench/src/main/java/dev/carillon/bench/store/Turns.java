package dev.carillon.bench.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Measures the same of several sides, one after the other and then over again, so that what else
/// happens on the machine meets all of them. Of each the median counts.
public final class Turns {
  private Turns() {}

  /// One side of a comparison.
  public interface Side {
    /// Measures once.
    double perSecond() throws IOException, InterruptedException;
  }

  /// Measures each side once a round and says what came out.
  ///
  /// @param what is measured
  /// @param sides by name, in their order
  /// @return medians by name, in the same order
  public static Map<String, Double> play(String what, int rounds, Map<String, Side> sides)
      throws IOException, InterruptedException {
    var rates = new LinkedHashMap<String, List<Double>>();
    for (int round = 1; round <= rounds; round++) {
      for (var side : sides.entrySet()) {
        double rate = side.getValue().perSecond();
        rates.computeIfAbsent(side.getKey(), _ -> new ArrayList<>()).add(rate);
        System.out.printf(
            Locale.ROOT, "  %s, round %d, %s: %,.0f/s%n", what, round, side.getKey(), rate);
      }
    }
    var medians = new LinkedHashMap<String, Double>();
    rates.forEach((name, all) -> medians.put(name, median(all)));
    return medians;
  }

  private static double median(List<Double> rates) {
    var sorted = rates.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }
}
