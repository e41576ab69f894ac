package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The open tasks of this node, at most a limit of them. Those that a dead process left count from
/// the start and stand here by id once they were handed out again. Safe for many threads.
final class OpenTasks {
  private final int limit;
  private final AtomicInteger count;
  private final ConcurrentHashMap<TaskId, OpenTask> byId = new ConcurrentHashMap<>();

  OpenTasks(int limit, int left) {
    this.limit = limit;
    this.count = new AtomicInteger(left);
  }

  /// Makes room for one; false when there is none.
  boolean reserve() {
    if (count.incrementAndGet() > limit) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  /// Gives room back.
  void free() {
    count.decrementAndGet();
  }

  int count() {
    return count.get();
  }

  void put(OpenTask task) {
    byId.put(task.id(), task);
  }

  Optional<OpenTask> find(TaskId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /// Whether a claim with this fence would still be good.
  boolean isCurrent(TaskId id, long fence) {
    OpenTask task = byId.get(id);
    return task != null && task.fence() == fence;
  }

  /// Takes a task that ended out.
  void end(TaskId id) {
    OpenTask task = byId.remove(id);
    if (task != null) {
      task.end();
    }
  }

  /// The task as readers of this node see it.
  Task overlay(Task row) {
    OpenTask task = row.state().isFinal() ? null : byId.get(row.id());
    return task == null ? row : task.overlay(row);
  }
}
