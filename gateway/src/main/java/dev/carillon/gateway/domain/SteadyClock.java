package dev.carillon.gateway.domain;

import java.time.Duration;

/// A clock that only goes on, at one pace, whatever is done to the calendar: what waits, pauses and
/// paces within this process are measured by. Its moments mean nothing elsewhere, so none of them
/// is stored or shown.
@FunctionalInterface
public interface SteadyClock {
  /// For how long the clock has been going; never less than before.
  Duration elapsed();

  /// The machine's.
  SteadyClock SYSTEM =
      new SteadyClock() {
        private final long start = System.nanoTime();

        @Override
        public Duration elapsed() {
          return Duration.ofNanos(System.nanoTime() - start);
        }
      };
}
