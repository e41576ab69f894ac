package dev.carillon.gateway.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// All open connections of a server, watched by one thread that cuts those whose request takes too
/// long to arrive: without it, clients that send a byte now and then could hold every connection.
final class Lines implements AutoCloseable {
  private static final int LOOKS_PER_LIMIT = 4;

  private final Set<Line> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watchman =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("http-watchman").factory());

  private final ScheduledFuture<?> looks;

  /// Begins to watch.
  ///
  /// @param read how long a whole request may take to arrive
  Lines(Duration read) {
    long period = Math.max(1, read.dividedBy(LOOKS_PER_LIMIT).toMillis());
    looks =
        watchman.scheduleWithFixedDelay(
            () -> cutSlow(read.toNanos()), period, period, TimeUnit.MILLISECONDS);
  }

  void add(Line line) {
    open.add(line);
  }

  void remove(Line line) {
    open.remove(line);
  }

  @Override
  public void close() {
    looks.cancel(false);
    watchman.shutdown();
  }

  private void cutSlow(long nanos) {
    long now = System.nanoTime();
    open.forEach(line -> line.cutIfSlow(now, nanos));
  }
}
