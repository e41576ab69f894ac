package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.DeliveryId;
import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.sqlite.DeliveryRows.Place;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Deliveries on their way to be tried. New ones come right after their commit; retries, what found
/// no room here and what an earlier process left are read from the file when they are due.
///
/// A delivery that waits here or is being tried is *taken*, and none is taken twice. The file is
/// read in the order of due times from a place on; whatever becomes due before that place moves it
/// back to the start. The lock guards all fields; no file is read under it.
final class Dispatches {
  private static final int PAGE = 512;
  private static final Place START =
      new Place(-1, new TaskId(new UUID(0, 0)), new DeliveryId(new UUID(0, 0)));

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Dispatch> ready = new ArrayDeque<>();
  private final Set<DeliveryId> taken = new HashSet<>();
  private final Set<DeliveryId> settledWhileReading = new HashSet<>();
  private final InstantSource clock;
  private final int mostReady;
  private final long pollMillis;
  private int pending;
  private boolean reading;
  private Place place = START;
  private long earliest = Long.MAX_VALUE; // the earliest due time told since the last reading
  private long nextDue; // epoch milliseconds; the file is read when it is reached

  Dispatches(InstantSource clock, SqliteConfig config, int pending) {
    this.clock = clock;
    this.mostReady = config.readyDispatches();
    this.pollMillis = Math.max(1, config.pollEvery().toMillis());
    this.pending = pending;
  }

  /// Adds a delivery that was just committed.
  void add(Dispatch dispatch) {
    lock.lock();
    try {
      pending++;
      if (taken.contains(dispatch.id())) {
        return;
      }
      if (ready.size() < mostReady) {
        taken.add(dispatch.id());
        ready.add(dispatch);
        changed.signal();
      } else {
        dueAt(0);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Gives a delivery back after an attempt.
  ///
  /// @param retryAt when it is due again; empty when it is done
  void release(DeliveryId id, Optional<Long> retryAt) {
    lock.lock();
    try {
      if (!taken.remove(id)) {
        return;
      }
      if (reading) {
        settledWhileReading.add(id);
      }
      if (retryAt.isPresent()) {
        dueAt(retryAt.get());
      }
    } finally {
      lock.unlock();
    }
  }

  /// One less waits for an attempt.
  void done() {
    lock.lock();
    try {
      pending--;
    } finally {
      lock.unlock();
    }
  }

  int pending() {
    lock.lock();
    try {
      return pending;
    } finally {
      lock.unlock();
    }
  }

  private void dueAt(long millis) {
    nextDue = Math.min(nextDue, millis);
    earliest = Math.min(earliest, millis);
    changed.signalAll();
  }

  /// Hands out due deliveries, waiting for the first one.
  List<Dispatch> take(int max, long nanos, Source source) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    lock.lockInterruptibly();
    try {
      while (true) {
        if (ready.isEmpty() && !reading && clock.millis() >= nextDue) {
          readMore(source);
        }
        if (!ready.isEmpty()) {
          return some(max);
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          return List.of();
        }
        long look = TimeUnit.MILLISECONDS.toNanos(untilLook());
        long _ = changed.awaitNanos(Math.min(left, look));
      }
    } finally {
      lock.unlock();
    }
  }

  private long untilLook() {
    return Math.clamp(nextDue - clock.millis(), 1, pollMillis);
  }

  private List<Dispatch> some(int max) {
    var some = new ArrayList<Dispatch>(Math.min(max, ready.size()));
    while (some.size() < max && !ready.isEmpty()) {
      some.add(ready.remove());
    }
    if (!ready.isEmpty()) {
      changed.signal();
    }
    return some;
  }

  /// Reads on from the place. The lock is let go meanwhile; what was taken before, or came back in
  /// between, is left to those who did that.
  private void readMore(Source source) {
    long now = clock.millis();
    long dueBefore = nextDue;
    Place from = earliest <= place.nextAt() ? START : place;
    var leave = new HashSet<>(taken);
    reading = true;
    nextDue = Long.MAX_VALUE;
    earliest = Long.MAX_VALUE;
    settledWhileReading.clear();
    lock.unlock();
    Page page = new Page(List.of(), from, dueBefore);
    try {
      page = source.read(now, from, PAGE, leave);
    } finally {
      lock.lock();
      reading = false;
      nextDue = Math.min(nextDue, page.nextDue);
      place = page.end;
      for (Dispatch found : page.found) {
        if (!settledWhileReading.contains(found.id()) && taken.add(found.id())) {
          ready.add(found);
        }
      }
      settledWhileReading.clear();
      changed.signalAll();
    }
  }

  /// Reads due deliveries from the file.
  interface Source {
    /// A page of those due at a time, read on from a place.
    ///
    /// @param leave those to leave out
    Page read(long now, Place from, int max, Set<DeliveryId> leave);
  }

  /// A part of the due deliveries.
  ///
  /// @param end the place to read on from
  /// @param nextDue when to read on, in epoch milliseconds
  record Page(List<Dispatch> found, Place end, long nextDue) {}
}
