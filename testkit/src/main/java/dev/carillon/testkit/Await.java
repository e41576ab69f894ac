package dev.carillon.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for something that has no signal of its own: looks at once, then every few milliseconds,
/// never past the deadline.
public final class Await {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);

  private Await() {}

  /// Returns when the condition holds.
  ///
  /// @param what names the condition in the failure, such as `three requests have come`
  /// @throws AssertionError when it does not hold in time
  public static void until(String what, Duration limit, BooleanSupplier condition) {
    value(what, limit, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /// Returns the first value that appears.
  ///
  /// @param what names the value in the failure
  /// @throws AssertionError when none appears in time
  public static <T> T value(String what, Duration limit, Supplier<Optional<T>> source) {
    long deadline = System.nanoTime() + limit.toNanos();
    long pause = FIRST_PAUSE.toNanos();
    while (true) {
      Optional<T> value = source.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
        throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE.toNanos());
    }
  }
}
