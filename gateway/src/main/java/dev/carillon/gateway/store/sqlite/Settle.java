package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Finalizing;
import dev.carillon.gateway.domain.TaskState.Indeterminate;
import dev.carillon.gateway.domain.callback.Dispatch;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Ends a task, parks it as indeterminate, or keeps its provider's answer while its files are
/// copied; under the fence of a claim.
final class Settle extends Verb<Optional<Task>> {
  private static final String PARK =
      "UPDATE task SET state = ?, started_at = ?, changed_at = ?, charged = ?"
          + " WHERE id = ? AND state < 10 AND fence = ? RETURNING position, cancellation";

  private final Memory memory;
  private final Ending ending;
  private final Claim claim;
  private final TaskState next;
  private boolean awaited;
  private List<Dispatch> dispatches = List.of();
  private Optional<Task> found = Optional.empty();

  /// @throws IllegalArgumentException for a state that a task does not settle in
  Settle(Memory memory, Ending ending, Claim claim, TaskState next) {
    boolean known =
        next instanceof Ended || next instanceof Indeterminate || next instanceof Finalizing;
    if (!known) {
      throw new IllegalArgumentException("a task cannot be settled as " + next.word());
    }
    this.memory = memory;
    this.ending = ending;
    this.claim = claim;
    this.next = StateColumns.millis(next);
  }

  /// The same, and its late result is waited for.
  Settle awaited() {
    awaited = true;
    return this;
  }

  @Override
  Optional<Task> run(Transaction transaction) throws SQLException {
    dispatches = List.of();
    found = Optional.empty();
    Order order = claim.task().order();
    Optional<Task> task =
        next instanceof Ended ended
            ? ending
                .settle(transaction, new Ending.End(order, ended, shown(order.id())), claim.fence())
                .map(this::remember)
            : park(transaction, order);
    if (awaited && task.isPresent()) {
      LateWaits.insert(transaction, order.id());
    }
    if (task.isEmpty()) {
      found = TaskRows.byId(transaction.session(), order.id());
    }
    return task;
  }

  private int shown(TaskId id) {
    return memory.open().find(id).map(OpenTask::progress).orElse(0);
  }

  private Task remember(Ending.Done done) {
    dispatches = done.dispatches();
    return done.task();
  }

  private Optional<Task> park(Transaction transaction, Order order) throws SQLException {
    var columns = StateColumns.of(next, order.createdAt());
    TaskId id = order.id();
    Optional<Parked> parked =
        transaction
            .sql(PARK)
            .put(columns.code())
            .put(columns.startedAt())
            .put(columns.changedAt())
            .putNumber(columns.charged())
            .put(id.value())
            .put(claim.fence())
            .one(row -> new Parked(row.number(), TaskRows.cancellation(row)));
    if (parked.isEmpty()) {
      return Optional.empty();
    }
    if (columns.response().isPresent()) {
      Ending.keep(transaction, parked.get().position, columns.response().get());
    }
    return Optional.of(new Task(order, next, Settlement.HELD, parked.get().cancellation));
  }

  private record Parked(long position, Optional<CancelAnswer> cancellation) {}

  @Override
  void committed(Optional<Task> result) {
    if (result.isEmpty()) {
      found.filter(task -> task.state().isFinal()).ifPresent(memory::found);
    } else if (next.isFinal()) {
      memory.ended(result.get(), dispatches);
    } else {
      memory.parked(result.get());
    }
  }
}
