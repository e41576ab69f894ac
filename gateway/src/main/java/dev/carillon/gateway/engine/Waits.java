package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Tasks that wait for their provider, each with the one time at which it is looked at again, to
/// the accuracy of the machine's timers. A waiting task is an entry here and nothing else; there
/// are at most as many as tasks may be open. Its lock guards all fields.
///
/// Times are the steady clock's, so a wait is as long as it was meant to be whatever happens to the
/// calendar. A deadline is of the calendar, which is looked at again now and then.
final class Waits {
  /// A clock that is moved by hand is read this often.
  private static final long LONGEST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /// How much later than its deadline a task is looked at where somebody sets the calendar ahead.
  private static final Duration RECHECK = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final SteadyClock steady;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition sooner = lock.newCondition();
  private final Map<TaskId, Entry> entries = new HashMap<>();
  private final TreeSet<Entry> order =
      new TreeSet<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::number));
  private long number;

  /// @param due when to see whether its time has come
  /// @param until when its pause is over
  private record Entry(Claim claim, Duration due, Duration until, long number) {}

  /// @param clock what deadlines go by
  /// @param steady what waits go by
  Waits(InstantSource clock, SteadyClock steady) {
    this.clock = clock;
    this.steady = steady;
  }

  /// Waits that long, or until the task's own deadline if that is earlier.
  void put(Claim claim, Duration pause) {
    lock.lock();
    try {
      put(claim, steady.elapsed(), steady.elapsed().plus(pause));
    } finally {
      lock.unlock();
    }
  }

  private void put(Claim claim, Duration now, Duration until) {
    var _ = take(claim.task().id());
    Duration check = now.plus(shorter(left(claim), RECHECK));
    Entry entry = new Entry(claim, shorter(until, check), until, number++);
    entries.put(claim.task().id(), entry);
    order.add(entry);
    if (order.first().number() == entry.number()) {
      sooner.signal();
    }
  }

  /// How long until a task's own deadline; one that has expired has none.
  private Duration left(Claim claim) {
    return claim.task().state() instanceof TaskState.Expired
        ? RECHECK
        : Duration.between(clock.instant(), Lateness.first(claim));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /// The next one whose time has come; waits for it.
  ///
  /// @param taken called before it is here no longer, so that somebody always has it
  <T> T takeDue(Function<Claim, T> taken) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        if (order.isEmpty()) {
          sooner.await();
          continue;
        }
        Entry first = order.first();
        Duration now = steady.elapsed();
        Duration left = first.due().minus(now);
        if (left.isPositive()) {
          var _ = sooner.awaitNanos(nap(left));
        } else if (first.until().compareTo(now) > 0 && left(first.claim()).isPositive()) {
          put(first.claim(), now, first.until());
        } else {
          T made = taken.apply(first.claim());
          var _ = take(first.claim().task().id());
          return made;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static long nap(Duration left) {
    return left.toSeconds() > 0 ? LONGEST_NAP_NANOS : Math.min(left.toNanos(), LONGEST_NAP_NANOS);
  }

  /// Takes a task out of its turn.
  Optional<Claim> take(TaskId task) {
    lock.lock();
    try {
      Optional<Entry> entry = Optional.ofNullable(entries.remove(task));
      entry.ifPresent(order::remove);
      return entry.map(Entry::claim);
    } finally {
      lock.unlock();
    }
  }

  /// Brings the time of a task forward to now, if it waits.
  void hasten(TaskId task) {
    lock.lock();
    try {
      Optional.ofNullable(entries.get(task)).ifPresent(entry -> put(entry.claim(), Duration.ZERO));
    } finally {
      lock.unlock();
    }
  }

  Optional<Claim> find(TaskId task) {
    lock.lock();
    try {
      return Optional.ofNullable(entries.get(task)).map(Entry::claim);
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }
}
