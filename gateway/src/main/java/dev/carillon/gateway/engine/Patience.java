package dev.carillon.gateway.engine;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waiting for something that nobody tells of, for a while.
final class Patience {
  private static final long NAP_MILLIS = 5;

  private Patience() {}

  /// Whether it comes true within this time. An interrupt ends the wait.
  static boolean isSoon(Duration most, BooleanSupplier done) {
    try {
      for (long left = most.toMillis(); left > 0 && !done.getAsBoolean(); left -= NAP_MILLIS) {
        Thread.sleep(NAP_MILLIS);
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
    return done.getAsBoolean();
  }
}
