package dev.carillon.gateway.feed;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.TaskStore.TaskQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A page of tasks that ends at its limit or when it holds many bytes, whichever comes first:
/// requests may be megabytes each, and an answer has to fit into memory.
///
/// @param more whether tasks follow that match
record BoundedPage(List<Task> tasks, boolean more) {
  private static final int AT_ONCE = 10;
  private static final long MOST_CHARS = 8L << 20;

  static BoundedPage read(TaskStore store, TaskQuery query) {
    List<Task> tasks = new ArrayList<>();
    long chars = 0;
    TaskQuery next = with(query, query.before(), query.offset());
    while (true) {
      List<Task> some = store.list(next);
      for (Task task : some) {
        if (tasks.size() == query.limit() || (chars > MOST_CHARS && !tasks.isEmpty())) {
          return new BoundedPage(tasks, true);
        }
        tasks.add(task);
        chars += task.order().request().length();
      }
      if (some.size() < next.limit()) {
        return new BoundedPage(tasks, false);
      }
      next = with(query, Optional.of(tasks.getLast().id()), 0);
    }
  }

  /// The first tasks of these, as many as fit, in their order.
  static List<Task> find(TaskStore store, List<TaskId> ids) {
    List<Task> tasks = new ArrayList<>();
    long chars = 0;
    for (TaskId id : ids) {
      Optional<Task> task = store.find(id);
      if (task.isPresent() && chars <= MOST_CHARS) {
        tasks.add(task.get());
        chars += task.get().order().request().length();
      }
    }
    return tasks;
  }

  private static TaskQuery with(TaskQuery query, Optional<TaskId> before, int offset) {
    return new TaskQuery(
        query.application(),
        query.service(),
        query.type(),
        query.open(),
        query.createdMin(),
        query.createdMax(),
        before,
        offset,
        AT_ONCE);
  }
}
