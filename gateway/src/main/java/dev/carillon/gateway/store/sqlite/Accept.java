package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Fingerprint;
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
  private final Optional<Fingerprint> fingerprint;
  private boolean fresh;

  /// @param memory where room for one open task was reserved
  /// @param fingerprint of an order with an idempotency key
  Accept(Memory memory, Order order, Optional<Fingerprint> fingerprint) {
    this.memory = memory;
    this.order = order;
    this.fingerprint = fingerprint;
  }

  @Override
  Accepted run(Transaction transaction) throws SQLException {
    fresh = false;
    Session session = transaction.session();
    Balances balances = transaction.balances();
    OptionalLong own = balances.hold(session, order.owner(), order.price());
    if (own.isEmpty()) {
      return before(session).orElseGet(() -> refused(balances));
    }
    long fromInstance = own.getAsLong();
    // Most keys are new, so the row is written first and looked for only when that is refused.
    if (fingerprint.isPresent() && !IdempotencyRows.insert(session, order, fingerprint.get())) {
      balances.release(session, order.owner(), order.price(), fromInstance);
      return before(session).orElseThrow();
    }
    if (!TaskRows.insert(session, transaction.nextPosition(), order, fromInstance)) {
      balances.release(session, order.owner(), order.price(), fromInstance);
      return new Accepted.Taken(TaskRows.byId(session, order.id()).orElseThrow());
    }
    long at = order.createdAt().toEpochMilli();
    LedgerRows.Amount held = LedgerRows.Amount.of(order.price(), fromInstance);
    LedgerRows.insert(session, order, LedgerRows.HOLD, held, at);
    fresh = true;
    return new Accepted.Taken(new Task(order, new Queued(), Settlement.HELD));
  }

  /// What an earlier order with this key or this id came to.
  Optional<Accepted> before(Session session) throws SQLException {
    if (fingerprint.isPresent()) {
      Optional<IdempotencyRows.Known> known = IdempotencyRows.find(session, order);
      if (known.isPresent()) {
        return Optional.of(known(session, known.get()));
      }
    }
    return TaskRows.byId(session, order.id()).map(Accepted.Taken::new);
  }

  private Accepted known(Session session, IdempotencyRows.Known known) throws SQLException {
    if (!fingerprint.equals(Optional.of(known.fingerprint()))) {
      return new Accepted.KeyReused();
    }
    Task task = TaskRows.byId(session, known.task()).orElseThrow();
    return known.task().equals(order.id()) ? new Accepted.Taken(task) : new Accepted.Replayed(task);
  }

  private Accepted refused(Balances balances) {
    return balances.isOverLimit(order.owner(), order.price())
        ? new Accepted.OverLimit()
        : new Accepted.UsedUp();
  }

  @Override
  void committed(Accepted result) {
    if (fresh && result instanceof Accepted.Taken(Task task)) {
      memory.accepted(task);
    } else {
      memory.open().free(order);
    }
  }

  @Override
  void failed() {
    memory.open().free(order);
  }
}
