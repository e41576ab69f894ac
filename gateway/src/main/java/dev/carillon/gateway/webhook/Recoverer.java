package dev.carillon.gateway.webhook;

import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.store.RecoveryStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes on with sending endpoints what they missed, where nobody does: after the request that asked
/// for it was answered, and after a crash. One page of each in turn with a breath between, so that
/// a million take some minutes and delay nobody. One that fails is left alone for a while.
public final class Recoverer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recoverer.class);
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration BREATH = Duration.ofMillis(5);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAGE = Duration.ofSeconds(30);
  private static final int AT_ONCE = 16;

  private final RecoveryStore store;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread loop = Thread.ofVirtual().name("recoverer").unstarted(this::rounds);

  public Recoverer(RecoveryStore store) {
    this.store = store;
  }

  /// Begins to look for work. Twice is harmless; after [#close] it does nothing.
  public synchronized void start() {
    if (stopped.getCount() > 0 && loop.getState() == Thread.State.NEW) {
      loop.start();
    }
  }

  private void rounds() {
    try {
      boolean more = true;
      while (!stopped.await((more ? BREATH : ROUND).toMillis(), TimeUnit.MILLISECONDS)) {
        more = round();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// Does a page of each that nobody holds. Each is due again at once, behind the others.
  ///
  /// @return whether there may be more
  private boolean round() throws InterruptedException {
    boolean more = false;
    for (Recovery recovery : due()) {
      more |= page(recovery);
      if (stopped.await(BREATH.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return more;
  }

  private List<Recovery> due() {
    try {
      return store.due(AT_ONCE);
    } catch (RuntimeException later) {
      LOG.warn("recovery.waiting reason=\"{}\"", String.valueOf(later.getMessage()));
      return List.of();
    }
  }

  private boolean page(Recovery recovery) {
    try {
      Recovery now = store.goOn(recovery, Duration.ZERO);
      if (now.isDone()) {
        LOG.info("endpoint.recovered endpoint={} count={}", now.endpoint(), now.count());
      }
      return true;
    } catch (RuntimeException failed) {
      LOG.warn("recovery.failed recovery={}", recovery.id(), failed);
      putOff(recovery);
      return false;
    }
  }

  private void putOff(Recovery recovery) {
    try {
      store.putOff(recovery, AFTER_FAILURE);
    } catch (RuntimeException away) {
      LOG.warn("recovery.waiting reason=\"{}\"", String.valueOf(away.getMessage()));
    }
  }

  /// Waits for the page under way. Twice is harmless.
  @Override
  public synchronized void close() {
    stopped.countDown();
    try {
      if (loop.getState() != Thread.State.NEW && !loop.join(LONGEST_PAGE)) {
        loop.interrupt();
      }
    } catch (InterruptedException hurried) {
      loop.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
