package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.Tombstone;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// What is left of deleted tasks, in their table.
final class Tombstones {
  private static final String INSERT =
      "INSERT OR IGNORE INTO tombstone (task_id, application_id, at)"
          + " SELECT id, application_id, ? FROM task WHERE id = ? AND state >= 10";
  private static final String FIND =
      "SELECT at FROM tombstone WHERE task_id = ? AND application_id = ?";
  private static final String FORGET =
      "DELETE FROM tombstone WHERE task_id IN"
          + " (SELECT task_id FROM tombstone WHERE at < ? ORDER BY at LIMIT ?)";

  private Tombstones() {}

  /// Writes one for an ended task, which is still there.
  static void insert(Transaction transaction, TaskId task, Instant at) throws SQLException {
    transaction.sql(INSERT).put(at).put(task.value()).update();
  }

  static Optional<Tombstone> find(Session session, TaskId task, ApplicationId application)
      throws SQLException {
    return session
        .sql(FIND)
        .put(task.value())
        .put(application.value())
        .one(row -> new Tombstone(task, application, row.time()));
  }

  static int forget(Transaction transaction, Instant before, int max) throws SQLException {
    return transaction.sql(FORGET).put(before).put(max).update();
  }
}
