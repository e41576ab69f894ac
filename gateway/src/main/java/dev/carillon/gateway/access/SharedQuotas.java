package dev.carillon.gateway.access;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets several nodes together hold to one rate: about once a second each tells what it counted and
/// takes what the others counted from its own buckets, which may then be owing. So over some
/// seconds an application gets its rate, whichever nodes it calls; for about a second it may get
/// its burst from each.
///
/// While the store cannot be reached, each node holds to the rate by itself.
public final class SharedQuotas implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SharedQuotas.class);
  private static final Duration ROUND = Duration.ofSeconds(1);

  private final Quotas quotas;
  private final UnaryOperator<Map<String, Long>> exchange;
  private Optional<Thread> loop = Optional.empty();

  /// @param exchange tells the other nodes and gives what they told, such as
  ///   [dev.carillon.gateway.store.LimitStore#share]; may throw
  public SharedQuotas(Quotas quotas, UnaryOperator<Map<String, Long>> exchange) {
    this.quotas = quotas;
    this.exchange = exchange;
  }

  /// Begins to share. Twice is harmless.
  public synchronized void start() {
    if (loop.isEmpty()) {
      quotas.share();
      loop = Optional.of(Thread.ofVirtual().name("shared-quotas").start(this::rounds));
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

  /// Tells and hears once.
  void round() {
    try {
      quotas.countedElsewhere(exchange.apply(quotas.counted()));
    } catch (RuntimeException later) {
      log.debug("quotas.unshared reason=\"{}\"", later.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    loop.ifPresent(Thread::interrupt);
  }
}
