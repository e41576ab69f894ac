package dev.carillon.gateway.engine;

import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes tasks that ended long ago, and what the feed says of endpoints that is as old, in small
/// batches.
public final class Purger implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Purger.class);
  private static final Duration ROUND = Duration.ofMinutes(1);
  private static final Duration BREATH = Duration.ofMillis(50);
  private static final int BATCH = 500;

  private final Store store;
  private final InstantSource clock;
  private final Duration keepFor;
  private final Duration tombstones;
  private Optional<Thread> loop = Optional.empty();

  /// @param keepFor how long ended tasks are kept that ask for nothing else
  /// @param tombstones how long it is remembered that a task was deleted
  public Purger(Store store, InstantSource clock, Duration keepFor, Duration tombstones) {
    this.store = store;
    this.clock = clock;
    this.keepFor = keepFor;
    this.tombstones = tombstones;
  }

  /// Begins to purge. Twice is harmless.
  public synchronized void start() {
    if (loop.isEmpty()) {
      loop = Optional.of(Thread.ofVirtual().name("purger").start(this::rounds));
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

  private void round() throws InterruptedException {
    try {
      int sum = 0;
      int removed;
      do {
        removed = store.tasks().purge(clock.instant().minus(keepFor), BATCH);
        sum += removed;
        Thread.sleep(BREATH);
      } while (removed == BATCH);
      while (store.tasks().forgetTombstones(clock.instant().minus(tombstones), BATCH) == BATCH) {
        Thread.sleep(BREATH);
      }
      while (store.feed().forgetEndpointEvents(clock.instant().minus(keepFor), BATCH) == BATCH) {
        Thread.sleep(BREATH);
      }
      while (store.recoveries().forget(clock.instant().minus(keepFor), BATCH) == BATCH) {
        Thread.sleep(BREATH);
      }
      if (sum > 0) {
        log.info("tasks.purged count={}", sum);
      }
    } catch (RuntimeException later) {
      log.warn("purge.waiting reason=\"{}\"", String.valueOf(later.getMessage()));
    }
  }

  @Override
  public synchronized void close() {
    loop.ifPresent(Thread::interrupt);
  }
}
