package dev.carillon.gateway.upstream;

import java.time.Duration;

/// Waits. Given in, so that a test can move time by hand.
@FunctionalInterface
public interface Sleeper {
  /// Waits that long.
  ///
  /// @throws InterruptedException when the work was cancelled meanwhile
  void sleep(Duration duration) throws InterruptedException;

  /// Real time.
  Sleeper REAL = Thread::sleep;
}
