package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The open tasks that this node owns. Safe for many threads. As many as there is room for open
/// tasks.
final class OpenTasks {
  private final ConcurrentHashMap<TaskId, OpenTask> byId = new ConcurrentHashMap<>();

  void put(OpenTask task) {
    byId.put(task.id(), task);
  }

  Optional<OpenTask> find(TaskId id) {
    return Optional.ofNullable(byId.get(id));
  }

  boolean owns(TaskId id) {
    return byId.containsKey(id);
  }

  /// Some of them, in no order.
  List<TaskId> some(int max) {
    return byId.keySet().stream().limit(max).toList();
  }

  /// Whether a claim with this fence would still be good, for all this node knows.
  boolean isCurrent(TaskId id, long fence) {
    OpenTask task = byId.get(id);
    return task != null && task.fence() == fence;
  }

  /// Takes a task that ended, or that another node took over, out.
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
