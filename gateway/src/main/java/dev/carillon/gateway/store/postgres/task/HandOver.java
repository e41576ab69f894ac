package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The queue from accepting to claiming, in the order of the commits. It is as long as the limit on
/// open tasks lets it be; the tasks themselves are kept up to a number of bytes, beyond which only
/// their ids stand here. Its lock guards all fields.
final class HandOver {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final long mostBytes;
  private long bytes;
  private boolean woken;

  HandOver(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /// Adds a task that was just accepted.
  ///
  /// @param lapses how often the node's lease had lapsed by then
  void add(Task task, int lapses) {
    int weight = TaskRows.weight(task);
    lock.lock();
    try {
      boolean kept = bytes + weight <= mostBytes;
      bytes += kept ? weight : 0;
      queue.add(
          new Waiting(
              task.id(), kept ? Optional.of(task) : Optional.empty(), kept ? weight : 0, lapses));
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Takes the first few, waiting for the first one.
  ///
  /// @param nanos how long to wait at most
  List<Waiting> take(int max, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (queue.isEmpty()) {
        if (left <= 0 || woken) {
          woken = false;
          return List.of();
        }
        left = arrived.awaitNanos(left);
      }
      var taken = new ArrayList<Waiting>(Math.min(max, queue.size()));
      while (taken.size() < max && !queue.isEmpty()) {
        Waiting next = queue.remove();
        bytes -= next.weight;
        taken.add(next);
      }
      if (!queue.isEmpty()) {
        arrived.signal();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// Puts back what was taken and not claimed, in the old order.
  void giveBack(List<Waiting> taken) {
    lock.lock();
    try {
      for (Waiting waiting : taken.reversed()) {
        bytes += waiting.weight;
        queue.addFirst(waiting);
      }
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Lets those who wait look again, one of them.
  void wake() {
    lock.lock();
    try {
      woken = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /// A task waiting for its first claim.
  ///
  /// @param lapses how often the node's lease had lapsed when it was accepted
  record Waiting(TaskId id, Optional<Task> task, int weight, int lapses) {
    static final long FENCE = 1;

    static Claim claim(Task task) {
      return new Claim(task, FENCE, 1, Optional.empty());
    }
  }
}
