package dev.carillon.cli;

import java.time.Duration;
import java.util.List;

/// How long to wait before each next try; the last one stays.
record Pauses(List<Duration> steps) {
  /// Before connecting to the gateway again.
  static final Pauses RECONNECT =
      new Pauses(
          List.of(
              Duration.ZERO, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5)));

  /// Before sending the same webhook again.
  static final Pauses RESEND =
      new Pauses(
          List.of(
              Duration.ofMillis(250),
              Duration.ofMillis(500),
              Duration.ofSeconds(1),
              Duration.ofSeconds(2),
              Duration.ofSeconds(5)));

  Pauses {
    steps = List.copyOf(steps);
  }

  /// @param failures how many tries in a row have failed, from 1
  Duration after(int failures) {
    return steps.get(Math.min(failures, steps.size()) - 1);
  }
}
