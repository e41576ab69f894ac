package dev.carillon.gateway.webhook;

import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.store.RecoveryStore;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Goes on with sending endpoints what they missed, where nobody does: after the request that asked
/// for it was answered, and after a crash. One page at a time with a breath between, so that a
/// million take some minutes and delay nobody.
public final class Recoverer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recoverer.class);
  private static final Duration ROUND = Duration.ofSeconds(1);
  private static final Duration BREATH = Duration.ofMillis(5);

  /// As long as a page may take before somebody else goes on.
  private static final Duration HOLD = Duration.ofSeconds(30);

  private static final int AT_ONCE = 16;

  private final RecoveryStore store;
  private Optional<Thread> loop = Optional.empty();

  public Recoverer(RecoveryStore store) {
    this.store = store;
  }

  /// Begins to look for work. Twice is harmless.
  public synchronized void start() {
    if (loop.isEmpty()) {
      loop = Optional.of(Thread.ofVirtual().name("recoverer").start(this::rounds));
    }
  }

  private void rounds() {
    try {
      while (true) {
        round();
        Thread.sleep(ROUND);
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() throws InterruptedException {
    try {
      for (Recovery recovery : store.due(AT_ONCE)) {
        Recovery now = recovery;
        while (!now.isDone()) {
          now = store.goOn(now, HOLD);
          Thread.sleep(BREATH);
        }
        LOG.info("endpoint.recovered endpoint={} count={}", now.endpoint(), now.count());
      }
    } catch (RuntimeException later) {
      LOG.warn("recovery.waiting reason=\"{}\"", String.valueOf(later.getMessage()));
    }
  }

  @Override
  public synchronized void close() {
    loop.ifPresent(Thread::interrupt);
  }
}
