package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Indeterminate;
import dev.carillon.gateway.domain.callback.Dispatch;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Ends a task or parks it as indeterminate, under the fence of a claim.
final class Settle extends Verb<Optional<Task>> {
  private static final String PARK =
      "UPDATE task SET state = 5, started_at = ?, changed_at = ?"
          + " WHERE id = ? AND state < 10 AND fence = ?";

  private final Memory memory;
  private final Ending ending;
  private final Claim claim;
  private final TaskState next;
  private List<Dispatch> dispatches = List.of();
  private Optional<Task> found = Optional.empty();

  /// @throws IllegalArgumentException for a state that neither ends nor parks a task
  Settle(Memory memory, Ending ending, Claim claim, TaskState next) {
    if (!(next instanceof Ended || next instanceof Indeterminate)) {
      throw new IllegalArgumentException("a task cannot be settled as " + next.word());
    }
    this.memory = memory;
    this.ending = ending;
    this.claim = claim;
    this.next = StateColumns.millis(next);
  }

  @Override
  Optional<Task> run(Transaction transaction) throws SQLException {
    dispatches = List.of();
    found = Optional.empty();
    Order order = claim.task().order();
    Optional<Task> task =
        next instanceof Ended ended
            ? ending.settle(transaction, order, ended, claim.fence()).map(this::remember)
            : park(transaction, order);
    if (task.isEmpty()) {
      found = TaskRows.byId(transaction.session(), order.id());
    }
    return task;
  }

  private Task remember(Ending.Done done) {
    dispatches = done.dispatches();
    return done.task();
  }

  private Optional<Task> park(Transaction transaction, Order order) throws SQLException {
    var columns = StateColumns.of(next, order.createdAt());
    TaskId id = order.id();
    int changed =
        transaction
            .sql(PARK)
            .put(columns.startedAt())
            .put(columns.changedAt())
            .put(id.value())
            .put(claim.fence())
            .update();
    return changed == 0 ? Optional.empty() : Optional.of(new Task(order, next, Settlement.HELD));
  }

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
