package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.DeliveryId;
import dev.carillon.gateway.domain.Dispatch;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Writes a task's end: state, event, money and delivery, in the transaction it is given.
///
/// @param ids makes the ids of deliveries
record Ending(InstantSource clock, Ids ids) {
  /// Reading and then writing by position is cheaper than `RETURNING`, which builds a table.
  private static final String OPEN =
      "SELECT position, next_sequence, progress, from_instance FROM task"
          + " WHERE id = ? AND state < 10";

  private static final String OPEN_UNDER_FENCE = OPEN + " AND fence = ?";
  private static final String END =
      "UPDATE task SET state = ?, started_at = ?, changed_at = ?, error_code = ?,"
          + " error_message = ?, next_sequence = next_sequence + 1, fence = fence + ?"
          + " WHERE position = ?";
  private static final String ANSWER = "INSERT INTO answer (position, response) VALUES (?, ?)";

  /// Ends a task under a claim's fence; empty when that is stale.
  Optional<Done> settle(Transaction transaction, Order order, Ended ended, long fence)
      throws SQLException {
    Optional<Open> open =
        transaction.sql(OPEN_UNDER_FENCE).put(order.id().value()).put(fence).one(Open::read);
    return open.isPresent()
        ? Optional.of(end(transaction, order, ended, open.get(), 0))
        : Optional.empty();
  }

  /// Ends a task whoever works on it, and makes that one's claim stale; empty when it has ended.
  Optional<Done> cancel(Transaction transaction, Order order, Ended ended) throws SQLException {
    Optional<Open> open = transaction.sql(OPEN).put(order.id().value()).one(Open::read);
    return open.isPresent()
        ? Optional.of(end(transaction, order, ended, open.get(), 1))
        : Optional.empty();
  }

  private Done end(Transaction transaction, Order order, Ended ended, Open open, int newerFence)
      throws SQLException {
    var columns = StateColumns.of(ended, order.createdAt());
    transaction
        .sql(END)
        .put(columns.code())
        .put(columns.startedAt())
        .put(columns.changedAt())
        .putText(columns.reason().map(reason -> reason.code().wire()))
        .putText(columns.reason().map(Reason::message))
        .put(newerFence)
        .put(open.position)
        .update();
    if (columns.response().isPresent()) {
      transaction.sql(ANSWER).put(open.position).put(columns.response().get()).update();
    }
    int progress = ended instanceof Succeeded ? 100 : open.progress;
    new EventRows(order.id(), order.owner().application())
        .insert(transaction, open.sequence, StateColumns.eventOf(ended), ended.at(), progress);
    pay(transaction, order, ended, open.fromInstance);
    var task = new Task(order, ended, StateColumns.settlement(ended));
    return new Done(task, deliver(transaction, task));
  }

  private static void pay(Transaction transaction, Order order, Ended ended, long fromInstance)
      throws SQLException {
    boolean charged = ended instanceof Succeeded;
    Session session = transaction.session();
    if (!charged) {
      transaction.balances().release(session, order.owner(), order.price(), fromInstance);
    }
    int kind = charged ? LedgerRows.SETTLE : LedgerRows.RELEASE;
    LedgerRows.insert(session, order, kind, fromInstance, ended.at().toEpochMilli());
  }

  private Optional<Dispatch> deliver(Transaction transaction, Task task) throws SQLException {
    if (task.order().callbackUrl().isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    var dispatch =
        new Dispatch(new DeliveryId(ids.next()), task.order().callbackUrl().get(), 1, task);
    DeliveryRows.insert(transaction.session(), dispatch, now);
    return Optional.of(dispatch);
  }

  /// A task that just ended, and its callback's delivery where it has one.
  record Done(Task task, Optional<Dispatch> dispatch) {}

  /// What the row of an open task tells its end.
  private record Open(long position, int sequence, int progress, long fromInstance) {
    private static Open read(Row row) throws SQLException {
      return new Open(row.number(), row.integer(), row.integer(), row.number());
    }
  }
}
