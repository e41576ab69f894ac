package dev.carillon.gateway;

import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that somebody set the calendar, by holding it against the steady clock; what waits in
/// the store for times of a calendar that was set back is then due sooner.
///
/// It knows only what happens while it runs: a calendar that was wrong when an earlier process
/// stopped is none of its business.
final class ClockWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
  private static final Duration ROUND = Duration.ofMillis(500);

  /// Less is what time services do all day, and costs a wait no more than that.
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final InstantSource calendar;
  private final SteadyClock steady;
  private final Consumer<Duration> setBack;
  private Instant seen;
  private Duration seenAt;
  private Duration owed = Duration.ZERO;
  private Optional<Thread> loop = Optional.empty();

  /// @param setBack hears by how much, until it does not throw [StoreUnavailableException]
  ClockWatch(InstantSource calendar, SteadyClock steady, Consumer<Duration> setBack) {
    this.calendar = calendar;
    this.steady = steady;
    this.setBack = setBack;
    this.seen = calendar.instant();
    this.seenAt = steady.elapsed();
  }

  /// Begins to watch. Twice is harmless.
  synchronized void start() {
    if (loop.isEmpty()) {
      loop = Optional.of(Thread.ofVirtual().name("clock-watch").start(this::rounds));
    }
  }

  private void rounds() {
    try {
      while (true) {
        Thread.sleep(ROUND);
        round();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// Looks once.
  void round() {
    Duration before = steady.elapsed();
    Instant now = calendar.instant();
    Duration at = steady.elapsed();
    if (at.minus(before).compareTo(LEAST) >= 0) {
      return; // it stood still between the two, which looks like a clock that was set
    }
    Duration back = at.minus(seenAt).minus(Duration.between(seen, now));
    seen = now;
    seenAt = at;
    if (back.abs().compareTo(LEAST) >= 0) {
      LOG.warn("clock.set by_ms={}", -back.toMillis());
      owed = back.isNegative() ? owed : owed.plus(back);
    }
    if (!owed.isZero()) {
      pay();
    }
  }

  private void pay() {
    try {
      setBack.accept(owed);
      owed = Duration.ZERO;
    } catch (StoreUnavailableException later) {
      LOG.warn("clock.set.waiting reason=\"{}\"", later.getMessage());
    } catch (RuntimeException bug) {
      LOG.error("clock.set.broken", bug);
      owed = Duration.ZERO;
    }
  }

  @Override
  public synchronized void close() {
    loop.ifPresent(Thread::interrupt);
  }
}
