package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.TaskId;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// Expired tasks whose late result is waited for, in their table; and of those that a dead process
/// waited for, which are still to be handed out. Its monitor guards the queue.
final class LateWaits {
  private static final String ALL = "SELECT task_id FROM late_wait ORDER BY task_id";
  private static final String INSERT = "INSERT INTO late_wait (task_id) VALUES (?)";
  private static final String DELETE = "DELETE FROM late_wait WHERE task_id = ?";
  private static final String DELETE_UNDER_FENCE =
      DELETE + " AND EXISTS (SELECT 1 FROM task WHERE id = late_wait.task_id AND fence = ?)";
  private static final String CLAIM =
      "UPDATE task SET fence = fence + 1, attempt = attempt + 1"
          + " WHERE id = ? AND state = 13 AND id IN (SELECT task_id FROM late_wait)";
  private static final String POSITION = "SELECT position FROM task WHERE id = ?";

  private final Queue<TaskId> left;

  LateWaits(Readers readers) {
    left =
        new ArrayDeque<>(
            readers.atLength(session -> session.sql(ALL).all(row -> new TaskId(row.uuid()))));
  }

  static void insert(Transaction transaction, TaskId id) throws SQLException {
    transaction.sql(INSERT).put(id.value()).update();
  }

  static void delete(Transaction transaction, TaskId id) throws SQLException {
    transaction.sql(DELETE).put(id.value()).update();
  }

  static int delete(Transaction transaction, Claim claim) throws SQLException {
    return transaction
        .sql(DELETE_UNDER_FENCE)
        .put(claim.task().id().value())
        .put(claim.fence())
        .update();
  }

  /// Takes ids that a dead process waited for.
  synchronized List<TaskId> take(int max) {
    var taken = new ArrayList<TaskId>();
    while (taken.size() < max && !left.isEmpty()) {
      taken.add(left.remove());
    }
    return taken;
  }

  /// Gives back what could not be claimed now.
  synchronized void giveBack(List<TaskId> ids) {
    left.addAll(ids);
  }

  /// Claims them anew, so that a worker before changes nothing.
  static List<Claim> claim(Transaction transaction, List<TaskId> ids) throws SQLException {
    var claims = new ArrayList<Claim>(ids.size());
    for (TaskId id : ids) {
      if (transaction.sql(CLAIM).put(id.value()).update() > 0) {
        long position = transaction.sql(POSITION).put(id.value()).one(Row::number).orElseThrow();
        TaskRows.claimAt(transaction.session(), position).ifPresent(claims::add);
      }
    }
    return claims;
  }
}
