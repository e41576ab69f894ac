package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Estimate;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Estimates how long a pending task still takes: learned from the endpoint's finished tasks, from
/// the catalog until enough are known.
public final class Foresight implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Foresight.class);
  private static final String NOTE = "durations:";
  private static final Duration SAVE_ROUND = Duration.ofSeconds(30);

  private final Store store;
  private final Function<String, Optional<Estimate>> declared;
  private final InstantSource clock;
  private final Map<String, Durations> byEndpoint = new ConcurrentHashMap<>();
  private final AtomicBoolean learned = new AtomicBoolean();
  private final Bell.Listening listening;
  private final Thread saver;

  /// Reads what was learned before and begins to learn.
  ///
  /// @param declared how long tasks of an endpoint take as long as nothing has been learned
  public Foresight(
      Store store, Function<String, Optional<Estimate>> declared, InstantSource clock) {
    this.store = store;
    this.declared = declared;
    this.clock = clock;
    store
        .access()
        .notes(NOTE)
        .forEach(
            (key, bytes) -> byEndpoint.put(key.substring(NOTE.length()), Durations.decoded(bytes)));
    this.listening = store.bell().listenToAll(this::learn);
    this.saver = Thread.ofVirtual().name("foresight-save").start(this::saveNowAndThen);
  }

  private void learn(Task task) {
    if (task.state() instanceof TaskState.Succeeded(_, var at, _)) {
      byEndpoint
          .computeIfAbsent(task.order().endpoint(), _ -> new Durations())
          .add(Duration.between(task.order().createdAt(), at));
      learned.set(true);
    }
  }

  /// What is left for an open task. Past all experience it says: soon, or in a while.
  public Estimate left(Task task) {
    Duration age = Duration.between(task.order().createdAt(), clock.instant());
    return Optional.ofNullable(byEndpoint.get(task.order().endpoint()))
        .flatMap(durations -> durations.left(age))
        .or(() -> declared.apply(task.order().endpoint()).map(whole -> rest(whole, age)))
        .orElseGet(() -> new Estimate(Duration.ofSeconds(5), Duration.ofSeconds(30)));
  }

  private static Estimate rest(Estimate whole, Duration age) {
    Duration low = whole.low().minus(age);
    Duration high = whole.high().minus(age);
    Duration overdue = age.dividedBy(10).plusSeconds(1);
    return low.isNegative()
        ? new Estimate(overdue, overdue.multipliedBy(3))
        : new Estimate(low, high);
  }

  private void saveNowAndThen() {
    try {
      while (true) {
        Thread.sleep(SAVE_ROUND);
        save();
      }
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void save() {
    if (learned.compareAndSet(true, false)) {
      Map<String, byte[]> notes = new HashMap<>();
      byEndpoint.forEach((endpoint, durations) -> notes.put(NOTE + endpoint, durations.encoded()));
      try {
        store.access().saveNotes(notes);
      } catch (RuntimeException later) {
        log.warn("foresight.save.waiting reason=\"{}\"", String.valueOf(later.getMessage()));
        learned.set(true);
      }
    }
  }

  /// Saves what was learned.
  @Override
  public void close() {
    saver.interrupt();
    listening.close();
    save();
  }
}
