package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Order.Terms;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.callback.Dispatch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Writes a task's end: state, event, money and deliveries, in the transaction it is given.
record Ending(FanOut fanOut) {
  /// Reading and then writing by position is cheaper than `RETURNING`, which builds a table.
  private static final String OPEN =
      "SELECT position, next_sequence, progress, from_instance, keep_for, cancellation FROM task"
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
    Event event =
        new EventRows(order.id(), order.owner().application())
            .insert(transaction, open.sequence, StateColumns.eventOf(ended), ended.at(), progress);
    pay(transaction, order, ended, open.fromInstance);
    Task task = open.noted(order, ended);
    return new Done(task, fanOut.ended(transaction, task, event));
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
    transaction.usage().ended(order, ended, charged ? order.price().micros() : 0);
  }

  /// A task that just ended, and the deliveries that tell of it.
  record Done(Task task, List<Dispatch> dispatches) {}

  /// What the row of an open task tells its end.
  private record Open(
      long position,
      int sequence,
      int progress,
      long fromInstance,
      Optional<Duration> keepFor,
      Optional<CancelAnswer> cancellation) {
    private static Open read(Row row) throws SQLException {
      return new Open(
          row.number(),
          row.integer(),
          row.integer(),
          row.number(),
          row.maybeNumber().map(Duration::ofMillis),
          TaskRows.cancellation(row));
    }

    /// The ended task with what was noted on it since its claim.
    private Task noted(Order order, Ended ended) {
      Terms terms = order.terms();
      Order now =
          keepFor.equals(terms.keepFor())
              ? order
              : order.on(new Terms(terms.startBy(), keepFor, terms.key()));
      return new Task(now, ended, StateColumns.settlement(ended), cancellation);
    }
  }
}
