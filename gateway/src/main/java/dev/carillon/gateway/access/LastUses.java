package dev.carillon.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers when tokens were last used, and writes it now and then: at most once a minute for each
/// token, however often it is used. What a crash takes is at most that minute.
///
/// @param <K> the id of a token
public final class LastUses<K> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LastUses.class);
  private static final Duration ROUND = Duration.ofMinutes(1);

  /// Past it, uses are not noted until the next round.
  private static final int MOST = 20_000;

  private final Map<K, Instant> unwritten = new ConcurrentHashMap<>();
  private final Consumer<Map<K, Instant>> write;
  private Optional<Thread> loop = Optional.empty();

  /// @param write stores the uses it is given; may throw, then they are given again
  public LastUses(Consumer<Map<K, Instant>> write) {
    this.write = write;
  }

  /// Remembers a use.
  void note(K token, Instant at) {
    if (unwritten.size() < MOST) {
      unwritten.put(token, at);
    }
  }

  /// When a token was used since the last writing; empty when it was not.
  public Optional<Instant> of(K token) {
    return Optional.ofNullable(unwritten.get(token));
  }

  /// Writes what is remembered.
  public void flush() {
    var taken = new HashMap<>(unwritten);
    if (taken.isEmpty()) {
      return;
    }
    try {
      write.accept(taken);
      taken.forEach(unwritten::remove);
    } catch (RuntimeException later) {
      log.warn("uses.waiting reason=\"{}\"", String.valueOf(later.getMessage()));
    }
  }

  /// Begins to write each minute. Twice is harmless.
  public synchronized void start() {
    if (loop.isEmpty()) {
      loop = Optional.of(Thread.ofVirtual().name("last-uses").start(this::rounds));
    }
  }

  private void rounds() {
    try {
      while (true) {
        Thread.sleep(ROUND);
        flush();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /// Writes once more and stops. Close it before the store.
  @Override
  public synchronized void close() {
    loop.ifPresent(Thread::interrupt);
    flush();
  }
}
