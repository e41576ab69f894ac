package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tasks that may have been accepted though the answer to the commit was lost, and would then be
/// owned by this node without its knowing. They are looked for until they are found, or until no
/// commit can be under way any more. Its monitor guards all fields.
final class Doubts {
  private static final int MOST = 100_000;

  /// Longer than the database may take to notice that a connection is gone and end its transaction.
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Map<TaskId, Doubt> doubts = new LinkedHashMap<>();

  private record Doubt(Left left, long since) {}

  synchronized void add(Order order) {
    if (doubts.size() < MOST) {
      var left = new Left(order.id(), order.owner().application());
      doubts.put(order.id(), new Doubt(left, System.nanoTime()));
    }
  }

  synchronized boolean isEmpty() {
    return doubts.isEmpty();
  }

  /// The first few, which stay.
  synchronized List<Left> some(int max) {
    long oldest = System.nanoTime() - LONGEST.toNanos();
    doubts.values().removeIf(doubt -> doubt.since < oldest);
    var some = new ArrayList<Left>();
    for (Doubt doubt : doubts.values()) {
      if (some.size() == max) {
        break;
      }
      some.add(doubt.left);
    }
    return some;
  }

  synchronized void settled(TaskId id) {
    doubts.remove(id);
  }

  /// A task that somebody is to take up.
  record Left(TaskId id, ApplicationId application) {}
}
