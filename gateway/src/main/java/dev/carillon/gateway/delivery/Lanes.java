package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.Dispatch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Who may go next: a queue for each destination, taken from in turn, so that a slow or dead
/// receiver holds only its own seats. Safe for many threads; the lock guards all fields.
///
/// An entry takes two seats: one of its destination while the POST runs, one of the whole until its
/// row is stored. Storing may wait for a disk, which is not the receiver's doing.
final class Lanes {
  private static final double NEWEST_SHARE = 0.2;
  private static final double QUICK_SECONDS = 5;
  private static final double STILL_SECONDS = 10;
  private static final Duration STILL = Duration.ofMillis(200);

  private final DeliveryConfig.LaneLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Queue<Lane> ready =
      new ArrayDeque<>(); // waiting, a seat is free; each at most once
  private int waiting;
  private int inFlight;

  /// One delivery and where it goes.
  record Entry(Dispatch dispatch, Optional<Target> target) {
    String destination() {
      return target.map(Target::destination).orElse("nowhere");
    }
  }

  private static final class Lane {
    final Queue<Entry> queue = new ArrayDeque<>();
    int seats;
    boolean listed;
    double meanSeconds; // of the latest attempts
    long movedOn = System.nanoTime(); // when one ended last
  }

  Lanes(DeliveryConfig.LaneLimits limits) {
    this.limits = limits;
  }

  /// Queues an entry. A lane may hold as much as is free for all, so however many receivers are
  /// dead, some room is left for the others. A full lane that moves on quickly is waited for while
  /// `patience` lasts; one that does not must not hold its caller up.
  ///
  /// @param patience until when to wait, by `System.nanoTime()`
  /// @return empty when it is queued; else how long those before it will take, roughly
  Optional<Duration> offer(Entry entry, long patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        Lane lane = lanes.computeIfAbsent(entry.destination(), _ -> new Lane());
        int bound = Math.min(limits.waitingPerDestination(), limits.waiting() - waiting);
        if (lane.queue.size() < Math.max(1, bound)) {
          lane.queue.add(entry);
          waiting++;
          list(lane);
          return Optional.empty();
        }
        long now = System.nanoTime();
        boolean still = now - lane.movedOn > STILL.toNanos();
        double seconds = lane.meanSeconds * lane.queue.size() / limits.perDestination();
        if (still || seconds > QUICK_SECONDS || now >= patience) {
          seconds = still ? Math.max(seconds, STILL_SECONDS) : seconds;
          return Optional.of(Duration.ofMillis((long) (seconds * 1000)));
        }
        long _ = changed.awaitNanos(Math.min(STILL.toNanos(), patience - now));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes the next entry and its two seats; empty when nobody may go now.
  Optional<Entry> next() {
    lock.lock();
    try {
      Lane lane = inFlight < limits.inFlight() ? ready.poll() : null;
      if (lane == null) {
        return Optional.empty();
      }
      lane.listed = false;
      Entry entry = lane.queue.remove();
      waiting--;
      inFlight++;
      lane.seats++;
      list(lane);
      changed.signalAll();
      return Optional.of(entry);
    } finally {
      lock.unlock();
    }
  }

  /// Gives the destination's seat back.
  void sent(Entry entry, Duration took) {
    lock.lock();
    try {
      Lane lane = lanes.get(entry.destination());
      if (lane == null) {
        throw new IllegalStateException("no lane for a seat that was taken");
      }
      lane.seats--;
      lane.movedOn = System.nanoTime();
      lane.meanSeconds += NEWEST_SHARE * (took.toNanos() / 1e9 - lane.meanSeconds);
      list(lane);
      if (lane.seats == 0 && lane.queue.isEmpty()) {
        lanes.remove(entry.destination());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Gives the seat of the whole back.
  void stored() {
    lock.lock();
    try {
      inFlight--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until more entries may wait, and says how many.
  int awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting >= limits.waiting()) {
        changed.await();
      }
      return limits.waiting() - waiting;
    } finally {
      lock.unlock();
    }
  }

  /// Forgets who waits, then waits until nobody is in flight; false when `limit` passed first.
  boolean drain(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      lanes.values().forEach(lane -> lane.queue.clear());
      ready.clear();
      waiting = 0;
      long left = limit.toNanos();
      while (inFlight > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return inFlight == 0;
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return waiting;
    } finally {
      lock.unlock();
    }
  }

  int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  private void list(Lane lane) {
    if (!lane.listed && !lane.queue.isEmpty() && lane.seats < limits.perDestination()) {
      lane.listed = true;
      ready.add(lane);
    }
  }
}
