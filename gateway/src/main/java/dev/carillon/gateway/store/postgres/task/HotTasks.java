package dev.carillon.gateway.store.postgres.task;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Tasks that ended lately, in memory. They hardly change: another node may have one kept for
/// longer, or deleted, which is seen here a little later. Expired ones are not kept, as another
/// node may yet give them their results.
final class HotTasks {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Cache<TaskId, Task> tasks;

  HotTasks(long bytes) {
    tasks =
        Caffeine.newBuilder()
            .maximumWeight(bytes)
            .<TaskId, Task>weigher((_, task) -> TaskRows.weight(task))
            .expireAfterWrite(LONGEST)
            .build();
  }

  Optional<Task> find(TaskId id) {
    return Optional.ofNullable(tasks.getIfPresent(id));
  }

  void put(Task ended) {
    if (!(ended.state() instanceof TaskState.Expired)) {
      tasks.put(ended.id(), ended);
    }
  }

  /// Changes something beside the state, if it is here.
  void change(TaskId id, UnaryOperator<Task> change) {
    tasks.asMap().computeIfPresent(id, (_, known) -> change.apply(known));
  }

  void addEnded(Task task) {
    if (!(task.state() instanceof TaskState.Expired)) {
      tasks.asMap().putIfAbsent(task.id(), task);
    }
  }

  void remove(TaskId id) {
    tasks.invalidate(id);
  }
}
