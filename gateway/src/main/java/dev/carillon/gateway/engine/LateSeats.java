package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.TaskId;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// The expired tasks whose late result is waited for, wherever they wait: at most as many as the
/// engine has places. Guards itself.
final class LateSeats {
  private final Set<TaskId> taken = new HashSet<>();
  private int places = Integer.MAX_VALUE;

  synchronized void limit(int most) {
    places = most;
  }

  /// Whether a task has a seat now; one that had it keeps it.
  synchronized boolean take(TaskId task) {
    return taken.contains(task) || (taken.size() < places && taken.add(task));
  }

  synchronized void leave(TaskId task) {
    taken.remove(task);
  }

  /// Gives back the seats of tasks that are nowhere any longer.
  synchronized void keep(Predicate<TaskId> stillThere) {
    taken.removeIf(task -> !stillThere.test(task));
  }

  synchronized int free() {
    return places - taken.size();
  }
}
