package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/// Tasks that wait for their provider, each with the one time at which it is looked at again. A
/// waiting task is an entry here and nothing else; there are at most as many as tasks may be open.
/// Guards itself.
final class Waits {
  /// A clock that is moved by hand is read this often.
  private static final long LONGEST_NAP_MILLIS = 250;

  private final InstantSource clock;
  private final Map<TaskId, Entry> entries = new HashMap<>();
  private final PriorityQueue<Entry> order = new PriorityQueue<>(Comparator.comparing(Entry::due));

  /// One wait of a task; a later one is another.
  private static final class Entry {
    private final Claim claim;
    private final Instant due;

    Entry(Claim claim, Instant due) {
      this.claim = claim;
      this.due = due;
    }

    Claim claim() {
      return claim;
    }

    Instant due() {
      return due;
    }
  }

  Waits(InstantSource clock) {
    this.clock = clock;
  }

  /// Waits until then, or until the task's own deadline if that is earlier and not over.
  synchronized void put(Claim claim, Instant due) {
    boolean late = claim.task().state() instanceof TaskState.Expired;
    Instant deadline = late ? due : claim.task().order().finishBy();
    Entry entry = new Entry(claim, due.isBefore(deadline) ? due : deadline);
    entries.put(claim.task().id(), entry);
    order.add(entry);
    if (order.element() == entry) {
      notifyAll();
    }
  }

  /// The next one whose time has come; waits for it.
  synchronized Claim takeDue() throws InterruptedException {
    while (true) {
      Entry first = order.peek();
      if (first != null && entries.get(first.claim().task().id()) != first) {
        order.remove(); // taken out of its turn before
        continue;
      }
      if (first == null) {
        wait();
        continue;
      }
      long left = Duration.between(clock.instant(), first.due()).toMillis();
      if (left <= 0) {
        order.remove();
        entries.remove(first.claim().task().id());
        return first.claim();
      }
      wait(Math.min(left, LONGEST_NAP_MILLIS));
    }
  }

  /// Takes a task out of its turn.
  synchronized Optional<Claim> take(TaskId task) {
    return Optional.ofNullable(entries.remove(task)).map(Entry::claim);
  }

  synchronized Optional<Claim> find(TaskId task) {
    return Optional.ofNullable(entries.get(task)).map(Entry::claim);
  }

  synchronized int size() {
    return entries.size();
  }
}
