package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.Room;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The open tasks of this node, at most a limit of them, counted by application and service too.
/// Those that a dead process left count from the start and stand here by id once they were handed
/// out again. Safe for many threads.
final class OpenTasks {
  private final int limit;
  private final AtomicInteger count;
  private final ConcurrentHashMap<TaskId, OpenTask> byId = new ConcurrentHashMap<>();

  /// No count stands at 0, so there are no more of them than open tasks.
  private final ConcurrentHashMap<Group, Integer> groups = new ConcurrentHashMap<>();

  /// @param left what a dead process left
  OpenTasks(int limit, List<Rescue.Left> left) {
    this.limit = limit;
    this.count = new AtomicInteger(left.size());
    for (Rescue.Left task : left) {
      groups.merge(whole(task.application()), 1, Integer::sum);
      groups.merge(new Group(task.application(), task.service()), 1, Integer::sum);
    }
  }

  /// The tasks of an application, or those of one service.
  ///
  /// @param service empty for all
  private record Group(ApplicationId application, String service) {}

  private static Group whole(ApplicationId application) {
    return new Group(application, "");
  }

  private static Group whole(Order order) {
    return whole(order.owner().application());
  }

  private static Group service(Order order) {
    return new Group(order.owner().application(), order.service());
  }

  /// Whether there was room for one.
  enum Reserved {
    YES,
    /// The application has as many as it may have.
    APPLICATION_FULL,
    /// It has as many of this service as it may have.
    SERVICE_FULL,
    /// All have.
    FULL
  }

  /// Makes room for one task.
  Reserved reserve(Order order, Room room) {
    if (!add(whole(order), room.application())) {
      return Reserved.APPLICATION_FULL;
    }
    if (!add(service(order), room.service())) {
      remove(whole(order));
      return Reserved.SERVICE_FULL;
    }
    if (count.incrementAndGet() > limit) {
      free(order);
      return Reserved.FULL;
    }
    return Reserved.YES;
  }

  /// Counts one more unless there are as many as may be; both at once, so that no refusal is seen
  /// by others as a task.
  private boolean add(Group group, int most) {
    var added = new boolean[1];
    groups.compute(
        group,
        (_, known) -> {
          int now = known == null ? 0 : known;
          added[0] = now < most;
          return added[0] ? Integer.valueOf(now + 1) : known;
        });
    return added[0];
  }

  private void remove(Group group) {
    groups.computeIfPresent(group, (_, known) -> known == 1 ? null : known - 1);
  }

  /// Gives room back.
  void free(Order order) {
    count.decrementAndGet();
    remove(service(order));
    remove(whole(order));
  }

  int count() {
    return count.get();
  }

  int count(ApplicationId application, String service) {
    return groups.getOrDefault(new Group(application, service), 0);
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
