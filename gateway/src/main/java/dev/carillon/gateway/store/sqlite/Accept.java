package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/// Takes in an order: one task row and its hold.
final class Accept extends Verb<Accepted> {
  private final Memory memory;
  private final Order order;
  private boolean fresh;

  /// @param memory where room for one open task was reserved
  Accept(Memory memory, Order order) {
    this.memory = memory;
    this.order = order;
  }

  @Override
  Accepted run(Transaction transaction) throws SQLException {
    fresh = false;
    Session session = transaction.session();
    Balances balances = transaction.balances();
    OptionalLong held = balances.hold(session, order.owner(), order.price());
    if (held.isEmpty()) {
      Optional<Task> before = TaskRows.byId(session, order.id());
      return before.isPresent() ? new Accepted.Taken(before.get()) : new Accepted.UsedUp();
    }
    long fromInstance = held.getAsLong();
    if (!TaskRows.insert(session, transaction.nextPosition(), order, fromInstance)) {
      balances.release(session, order.owner(), order.price(), fromInstance);
      return new Accepted.Taken(TaskRows.byId(session, order.id()).orElseThrow());
    }
    long at = order.createdAt().toEpochMilli();
    LedgerRows.insert(session, order, LedgerRows.HOLD, fromInstance, at);
    fresh = true;
    return new Accepted.Taken(new Task(order, new Queued(), Settlement.HELD));
  }

  @Override
  void committed(Accepted result) {
    if (fresh && result instanceof Accepted.Taken(Task task)) {
      memory.accepted(task);
    } else {
      memory.open().free();
    }
  }

  @Override
  void failed() {
    memory.open().free();
  }
}
