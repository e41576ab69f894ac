package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Finalizing;
import dev.carillon.gateway.domain.TaskState.Indeterminate;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.LockedTask;
import dev.carillon.gateway.store.postgres.batch.Needs;
import dev.carillon.gateway.store.postgres.batch.StateColumns;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.batch.Verb;
import java.sql.SQLException;
import java.util.Optional;

/// Ends a task, parks it as indeterminate, or keeps its provider's answer while its files are
/// copied; under the fence of a claim.
final class Settle extends Verb<Optional<Task>> {
  private final Memory memory;
  private final Claim claim;
  private final TaskState next;
  private boolean awaited;
  private Optional<Task> found = Optional.empty();

  /// @throws IllegalArgumentException for a state that a task does not settle in
  Settle(Memory memory, Claim claim, TaskState next) {
    boolean known =
        next instanceof Ended || next instanceof Indeterminate || next instanceof Finalizing;
    if (!known) {
      throw new IllegalArgumentException("a task cannot be settled as " + next.word());
    }
    this.memory = memory;
    this.claim = claim;
    this.next = StateColumns.millis(next);
  }

  /// The same, and its late result is waited for.
  Settle awaited() {
    awaited = true;
    return this;
  }

  @Override
  protected int weight() {
    int answer =
        switch (next) {
          case Succeeded(_, _, var given) -> given.json().length();
          case Finalizing(_, var given) -> given.json().length();
          default -> 0;
        };
    return 512 + answer;
  }

  @Override
  protected void needs(Needs needs) {
    Order order = claim.task().order();
    if (next instanceof Ended) {
      needs.end(order);
    } else {
      needs.task(order.id(), order.owner().application());
    }
  }

  @Override
  protected Optional<Task> run(Batch batch) throws SQLException {
    found = Optional.empty();
    Order order = claim.task().order();
    Optional<LockedTask> open = batch.open(order.id(), claim.fence());
    if (open.isEmpty()) {
      found = TaskRows.byId(batch.session(), order.id());
      return Optional.empty();
    }
    if (next instanceof Ended ended) {
      if (awaited) {
        LateWaits.insert(batch, order, memory.node().id());
      }
      int shown = memory.open().find(order.id()).map(OpenTask::progress).orElse(0);
      return Optional.of(batch.end(open.get(), order, ended, shown));
    }
    open.get().become(next, order);
    return Optional.of(open.get().task(order, next));
  }

  @Override
  protected void committed(Optional<Task> result) {
    if (result.isPresent() && next.isFinal()) {
      memory.ended(result.get());
    } else if (result.isPresent()) {
      memory.parked(result.get());
    } else {
      memory.stale(claim, found);
    }
  }
}
