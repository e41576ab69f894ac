package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.util.Optional;

/// The idempotency keys of tasks, each as long as its task.
final class IdempotencyRows {
  private static final String INSERT =
      "INSERT INTO idempotency (application_id, key, task_id, fingerprint) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT DO NOTHING";
  private static final String FIND =
      "SELECT task_id, fingerprint FROM idempotency WHERE application_id = ? AND key = ?";

  /// Forgets the key of a task, which is still there.
  static final String DELETE =
      "DELETE FROM idempotency WHERE application_id = (SELECT application_id FROM task WHERE id = ?1)"
          + " AND key = (SELECT idempotency_key FROM task WHERE id = ?1)";

  private IdempotencyRows() {}

  /// False when the application used the order's key before.
  static boolean insert(Session session, Order order, Fingerprint fingerprint) throws SQLException {
    return session
            .sql(INSERT)
            .put(order.owner().application().value())
            .put(key(order).value())
            .put(order.id().value())
            .put(fingerprint.value())
            .update()
        > 0;
  }

  static Optional<Known> find(Session session, Order order) throws SQLException {
    return find(session, order.owner().application(), key(order));
  }

  private static Optional<Known> find(
      Session session, ApplicationId application, IdempotencyKey key) throws SQLException {
    return session
        .sql(FIND)
        .put(application.value())
        .put(key.value())
        .one(row -> new Known(new TaskId(row.uuid()), new Fingerprint(row.uuid())));
  }

  /// The task of a key.
  static Optional<Task> task(Session session, ApplicationId application, IdempotencyKey key)
      throws SQLException {
    Optional<Known> known = find(session, application, key);
    return known.isPresent() ? TaskRows.byId(session, known.get().task()) : Optional.empty();
  }

  private static IdempotencyKey key(Order order) {
    return order.terms().key().orElseThrow();
  }

  /// What stands behind a key.
  record Known(TaskId task, Fingerprint fingerprint) {}
}
