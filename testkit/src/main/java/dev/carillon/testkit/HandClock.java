package dev.carillon.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Time that stands still until a test moves it. Safe for many threads; the lock guards all fields.
///
/// Whoever sleeps by this clock wakes when it was moved far enough. Each such wait also ends after
/// one real minute with a failure, so that a test that forgets to move the clock does not hang.
public final class HandClock implements InstantSource {
  private static final Duration REAL_LIMIT = Duration.ofMinutes(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Instant now;
  private Duration elapsed = Duration.ZERO;
  private int sleepers;

  /// A clock that shows this time.
  public HandClock(Instant start) {
    this.now = start;
  }

  /// A clock that shows the first noon of 2026.
  public HandClock() {
    this(Instant.parse("2026-01-01T12:00:00Z"));
  }

  @Override
  public Instant instant() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  /// For how long time has gone on in all; what somebody did to the calendar does not count.
  public Duration elapsed() {
    lock.lock();
    try {
      return elapsed;
    } finally {
      lock.unlock();
    }
  }

  /// Lets time go on; a negative duration steps the calendar back, as time itself never does. Wakes
  /// everyone whose time has come.
  public void advance(Duration by) {
    lock.lock();
    try {
      now = now.plus(by);
      elapsed = by.isNegative() ? elapsed : elapsed.plus(by);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Somebody sets the clock, ahead or back; no time passes by that.
  public void jump(Duration by) {
    lock.lock();
    try {
      now = now.plus(by);
    } finally {
      lock.unlock();
    }
  }

  /// Blocks until the clock was moved this far from where it stands now; not at all for zero or
  /// less.
  ///
  /// @throws AssertionError when it was not within one real minute
  public void sleep(Duration duration) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Duration end = elapsed.plus(duration);
      if (elapsed.compareTo(end) >= 0) {
        return;
      }
      sleepers++;
      changed.signalAll();
      try {
        awaitChange(
            REAL_LIMIT, () -> elapsed.compareTo(end) >= 0, "the clock was moved by " + duration);
      } finally {
        sleepers--;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until at least this many threads sleep by this clock, so that moving it wakes them.
  ///
  /// @throws AssertionError when there are fewer after `limit` of real time
  public void awaitSleepers(int count, Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      awaitChange(limit, () -> sleepers >= count, count + " threads sleep by the clock");
    } finally {
      lock.unlock();
    }
  }

  private void awaitChange(Duration limit, BooleanSupplier condition, String what)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
      }
      var _ = changed.await(left, TimeUnit.NANOSECONDS);
    }
  }
}
