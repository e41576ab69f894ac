package dev.carillon.client.foresight;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Says when a task is worth another look, from how long others of its kind took: seldom while
/// hardly any ends, often where most end. With the chance that a task ends right now growing
/// fourfold, looks come twice as often; that spacing finds ends soonest for a given number of looks
/// (Keller, Optimum checking schedules, 1974). Knows nothing of a kind until some have ended.
public final class Foresight {
  /// Fewer ends than this tell too little.
  static final int ENOUGH = 20;

  /// How long after a task's end it is seen, on average.
  private static final double AIM_SECONDS = 0.05;

  /// As many requests a task costs at most, on average; the aim gives way to it.
  private static final double MOST_REQUESTS = 2.2;

  private static final int MOST_KINDS = 1_000;
  private static final int STEPS = 400;
  private static final double STEPS_OF_MEDIAN = 100;
  private static final double LONGEST_SECONDS = 15;
  private static final double SHORTEST_SECONDS = 0.05;

  private final Map<String, Durations> kinds = new HashMap<>(); // guarded by this

  /// One that has seen nothing.
  public Foresight() {}

  /// A task of this kind ended after so long.
  public synchronized void ended(String kind, double seconds) {
    if (seconds > 0 && (kinds.containsKey(kind) || kinds.size() < MOST_KINDS)) {
      kinds.computeIfAbsent(kind, same -> new Durations()).add(seconds);
    }
  }

  /// How long to wait with the next look at a task of this age; empty when nothing is known.
  ///
  /// @param together how many tasks are asked for with one request
  public synchronized Optional<Duration> pause(String kind, double age, double together) {
    Durations seen = kinds.get(kind);
    if (seen == null || seen.count() < ENOUGH) {
      return Optional.empty();
    }
    double scale =
        Math.max(
            2 * AIM_SECONDS / seen.meanSpacing(),
            seen.meanLooks() / (MOST_REQUESTS * Math.max(1, together)));
    double step = seen.median() / STEPS_OF_MEDIAN;
    double looks = 0;
    double ahead = 0;
    for (int i = 0; i < STEPS && looks < 1 && ahead < LONGEST_SECONDS; i++) {
      double density = Math.sqrt(seen.hazard(age + ahead + step / 2)) / scale;
      double part = Math.min(step, density > 0 ? (1 - looks) / density : step);
      looks += density * part;
      ahead += part;
      if (part < step) {
        break;
      }
    }
    double wait = Math.min(LONGEST_SECONDS, Math.max(SHORTEST_SECONDS, ahead));
    return Optional.of(Duration.ofNanos(Math.round(wait * 1e9)));
  }
}
