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
import dev.carillon.gateway.store.sqlite.LedgerRows.Amount;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Writes a task's end: state, event, money and deliveries, in the transaction it is given.
record Ending(FanOut fanOut) {
  /// Reading and then writing by position is cheaper than `RETURNING`, which builds a table.
  private static final String OPEN =
      "SELECT position, next_sequence, progress, price, from_instance, keep_for, cancellation"
          + " FROM task WHERE id = ? AND state < 10";

  private static final String OPEN_UNDER_FENCE = OPEN + " AND fence = ?";
  private static final String END =
      "UPDATE task SET state = ?, started_at = ?, changed_at = ?, error_code = ?,"
          + " error_message = ?, next_sequence = next_sequence + 1, fence = fence + ?,"
          + " progress = ?, charged = ? WHERE position = ?";
  static final String ANSWER =
      "INSERT INTO answer (position, response) VALUES (?, ?)"
          + " ON CONFLICT (position) DO UPDATE SET response = excluded.response";

  /// How a task ends.
  ///
  /// @param shown how far it was shown to be, which its row may not say yet
  record End(Order order, Ended state, int shown) {}

  /// Ends a task under a claim's fence; empty when that is stale.
  Optional<Done> settle(Transaction transaction, End end, long fence) throws SQLException {
    Optional<Open> open =
        transaction.sql(OPEN_UNDER_FENCE).put(end.order.id().value()).put(fence).one(Open::read);
    return open.isPresent() ? Optional.of(end(transaction, end, open.get(), 0)) : Optional.empty();
  }

  /// Ends a task whoever works on it, and makes that one's claim stale; empty when it has ended.
  Optional<Done> cancel(Transaction transaction, End end) throws SQLException {
    Optional<Open> open = transaction.sql(OPEN).put(end.order.id().value()).one(Open::read);
    return open.isPresent() ? Optional.of(end(transaction, end, open.get(), 1)) : Optional.empty();
  }

  private Done end(Transaction transaction, End end, Open open, int newerFence)
      throws SQLException {
    Order order = end.order;
    Ended ended = end.state;
    int progress = ended instanceof Succeeded ? 100 : Math.max(open.progress, end.shown);
    var columns = StateColumns.of(ended, order.createdAt());
    transaction
        .sql(END)
        .put(columns.code())
        .put(columns.startedAt())
        .put(columns.changedAt())
        .putText(columns.reason().map(reason -> reason.code().wire()))
        .putText(columns.reason().map(Reason::message))
        .put(newerFence)
        .put(progress)
        .putNumber(lessThanPrice(order, ended))
        .put(open.position)
        .update();
    if (columns.response().isPresent()) {
      keep(transaction, open.position, columns.response().get());
    }
    Event event =
        new EventRows(order.id(), order.owner().application())
            .insert(transaction, open.sequence, StateColumns.eventOf(ended), ended.at(), progress);
    pay(transaction, order, ended, open.fromInstance);
    Task task = open.noted(order, ended, progress);
    return new Done(task, fanOut.ended(transaction, task, event));
  }

  /// Keeps a task's answer, in place of an earlier one that was to be finalized.
  static void keep(Transaction transaction, long position, String response) throws SQLException {
    transaction.sql(ANSWER).put(position).put(response).update();
  }

  private static void pay(Transaction transaction, Order order, Ended ended, long fromInstance)
      throws SQLException {
    Session session = transaction.session();
    long at = ended.at().toEpochMilli();
    Amount held = Amount.of(order.price(), fromInstance);
    Amount charged = held.first(cost(order, ended));
    Amount released = held.minus(charged);
    if (!released.whole().isZero()) {
      transaction.balances().release(session, order.owner(), released.whole(), released.instance());
    }
    LedgerRows.insert(session, order, LedgerRows.SETTLE, charged, at);
    LedgerRows.insert(session, order, LedgerRows.RELEASE, released, at);
    transaction.usage().ended(order, ended, charged.whole().micros());
  }

  private static long cost(Order order, Ended ended) {
    return ended instanceof Succeeded done ? done.answer().costOf(order.price()).micros() : 0;
  }

  /// What a result cost where that is not the price.
  static Optional<Long> lessThanPrice(Order order, Ended ended) {
    return ended instanceof Succeeded
        ? Optional.of(cost(order, ended)).filter(cost -> cost < order.price().micros())
        : Optional.empty();
  }

  /// A task that just ended, and the deliveries that tell of it.
  record Done(Task task, List<Dispatch> dispatches) {}

  /// What the row of an open task tells its end.
  private record Open(
      long position,
      int sequence,
      int progress,
      long price,
      long fromInstance,
      Optional<Duration> keepFor,
      Optional<CancelAnswer> cancellation) {
    private static Open read(Row row) throws SQLException {
      return new Open(
          row.number(),
          row.integer(),
          row.integer(),
          row.number(),
          row.number(),
          row.maybeNumber().map(Duration::ofMillis),
          TaskRows.cancellation(row));
    }

    /// The ended task with what was noted on it since its claim.
    private Task noted(Order order, Ended ended, int progress) {
      Terms terms = order.terms();
      Order now = keepFor.equals(terms.keepFor()) ? order : order.on(terms.keptFor(keepFor));
      return new Task(now, ended, StateColumns.settlement(ended), cancellation, progress);
    }
  }
}
