package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.store.TaskStore.Late;
import dev.carillon.gateway.store.sqlite.LedgerRows.Amount;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Gives an expired task the result that came late, where that can be paid in full: what was
/// released is taken again.
final class SettleLate extends Verb<Late> {
  private static final String WAITING =
      "SELECT position, next_sequence, changed_at FROM task WHERE id = ? AND fence = ?"
          + " AND state = 13 AND id IN (SELECT task_id FROM late_wait)";
  private static final String END =
      "UPDATE task SET state = 10, changed_at = ?, error_code = NULL, error_message = NULL,"
          + " next_sequence = next_sequence + 1, progress = 100, from_instance = ?, charged = ?"
          + " WHERE position = ?";

  private final Memory memory;
  private final FanOut fanOut;
  private final Claim claim;
  private final Succeeded succeeded;
  private List<Dispatch> dispatches = List.of();

  SettleLate(Memory memory, FanOut fanOut, Claim claim, Succeeded succeeded) {
    this.memory = memory;
    this.fanOut = fanOut;
    this.claim = claim;
    this.succeeded = (Succeeded) StateColumns.millis(succeeded);
  }

  private record Waiting(long position, int sequence, long expiredAt) {
    private static Waiting read(Row row) throws SQLException {
      return new Waiting(row.number(), row.integer(), row.number());
    }
  }

  @Override
  Late run(Transaction transaction) throws SQLException {
    dispatches = List.of();
    Order order = claim.task().order();
    Optional<Waiting> waiting =
        transaction.sql(WAITING).put(order.id().value()).put(claim.fence()).one(Waiting::read);
    if (waiting.isEmpty()) {
      return new Late.Stale();
    }
    LateWaits.delete(transaction, order.id());
    Money cost = succeeded.answer().costOf(order.price());
    OptionalLong own = transaction.balances().hold(transaction.session(), order.owner(), cost);
    if (own.isEmpty()) {
      return new Late.UsedUp();
    }
    return new Late.Settled(end(transaction, waiting.get(), Amount.of(cost, own.getAsLong())));
  }

  private Task end(Transaction transaction, Waiting waiting, Amount paid) throws SQLException {
    Session session = transaction.session();
    Order order = claim.task().order();
    transaction
        .sql(END)
        .put(succeeded.at())
        .put(paid.instance())
        .putNumber(Ending.lessThanPrice(order, succeeded))
        .put(waiting.position)
        .update();
    transaction.sql(Ending.ANSWER).put(waiting.position).put(succeeded.answer().json()).update();
    long at = succeeded.at().toEpochMilli();
    LedgerRows.insert(session, order, LedgerRows.HOLD_AGAIN, paid, at);
    LedgerRows.insert(session, order, LedgerRows.SETTLE, paid, at);
    transaction.usage().takeBack(order, waiting.expiredAt);
    transaction.usage().ended(order, succeeded, paid.whole().micros());
    Event event =
        new EventRows(order.id(), order.owner().application())
            .insert(transaction, waiting.sequence, EventType.TASK_SUCCEEDED, succeeded.at(), 100);
    Task task = TaskRows.byId(session, order.id()).orElseThrow();
    dispatches = fanOut.ended(transaction, task, event);
    return task;
  }

  @Override
  void committed(Late result) {
    if (result instanceof Late.Settled(var task)) {
      memory.endedLate(task, dispatches);
    }
  }
}
