package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.SteadyClock;
import java.time.Duration;

/// A steady clock that can be slept by. Given in, so that a test can move time by hand.
public interface Sleeper extends SteadyClock {
  /// Waits that long.
  ///
  /// @throws InterruptedException when the work was cancelled meanwhile
  void sleep(Duration duration) throws InterruptedException;

  /// Real time.
  Sleeper REAL =
      new Sleeper() {
        @Override
        public Duration elapsed() {
          return SYSTEM.elapsed();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
          Thread.sleep(duration);
        }
      };
}
