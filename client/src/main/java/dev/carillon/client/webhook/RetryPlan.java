package dev.carillon.client.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How long an event waits after each failed run of the application's code.
///
/// @param pauses after the first failed run, the second, and so on; after the run that follows the
///   last of them the event is given up
public record RetryPlan(List<Duration> pauses) {
  /// Ten pauses over about two days: short ones for a database that restarts, long ones for a bug
  /// that is mended the next day.
  public static final RetryPlan USUAL =
      new RetryPlan(
          List.of(
              Duration.ofSeconds(1),
              Duration.ofSeconds(10),
              Duration.ofMinutes(1),
              Duration.ofMinutes(5),
              Duration.ofMinutes(30),
              Duration.ofHours(1),
              Duration.ofHours(3),
              Duration.ofHours(6),
              Duration.ofHours(12),
              Duration.ofHours(24)));

  /// Checks the pauses.
  ///
  /// @throws IllegalArgumentException for a negative pause
  public RetryPlan {
    pauses = List.copyOf(pauses);
    if (pauses.stream().anyMatch(Duration::isNegative)) {
      throw new IllegalArgumentException("a pause is not negative");
    }
  }

  /// How often an event is run at most.
  public int runs() {
    return pauses.size() + 1;
  }

  /// The pause after this run failed; empty when it was the last.
  ///
  /// @param run from 1
  public Optional<Duration> after(int run) {
    return run <= pauses.size() ? Optional.of(pauses.get(run - 1)) : Optional.empty();
  }
}
