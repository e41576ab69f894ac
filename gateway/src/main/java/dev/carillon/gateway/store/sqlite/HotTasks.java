package dev.carillon.gateway.store.sqlite;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Recent tasks in memory, written through after each commit, so that polls of them touch no file.
///
/// Only the writer thread puts open tasks here: a reader might put an old state over a newer one. A
/// reader may add ended tasks, which never change.
final class HotTasks {
  private final Cache<TaskId, Task> tasks;

  HotTasks(long bytes) {
    tasks =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .<TaskId, Task>weigher((_, task) -> TaskRows.weight(task))
            .build();
  }

  Optional<Task> find(TaskId id) {
    return Optional.ofNullable(tasks.getIfPresent(id));
  }

  void put(Task task) {
    tasks.put(task.id(), task);
  }

  /// Shows a task that runs, if it is here.
  void show(Task running) {
    tasks
        .asMap()
        .computeIfPresent(
            running.id(),
            (_, known) -> known.state().isFinal() ? known : known.in(running.state()));
  }

  /// Shows a task that was changed beside its state, if it is here.
  void change(TaskId id, UnaryOperator<Task> change) {
    tasks.asMap().computeIfPresent(id, (_, known) -> change.apply(known));
  }

  /// An expired one may still get its result, and a reader could put the state before over that.
  void addEnded(Task task) {
    if (task.state() instanceof TaskState.Expired) {
      return;
    }
    tasks.asMap().putIfAbsent(task.id(), task);
  }

  void remove(TaskId id) {
    tasks.invalidate(id);
  }
}
