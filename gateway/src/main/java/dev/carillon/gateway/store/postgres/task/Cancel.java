package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.domain.TaskState.Running;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.LockedTask;
import dev.carillon.gateway.store.postgres.batch.Needs;
import dev.carillon.gateway.store.postgres.batch.StateColumns;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.batch.Verb;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Ends an open task by its owner's wish; or, where it is worked on and its provider is to be asked
/// first, notes that. A queued task with a reference counts as worked on: a node that died may have
/// sent it and not have noted that it runs.
final class Cancel extends Verb<Optional<Task>> {
  private final Memory memory;
  private final Order order;
  private final Instant now;
  private final boolean asking;
  private final Optional<Claim> asked;
  private boolean ended;
  private boolean noted;

  /// @param asking whether the provider of a task that is worked on is asked first
  Cancel(Memory memory, Order order, Instant now, boolean asking) {
    this.memory = memory;
    this.order = order;
    this.now = StateColumns.millis(now);
    this.asking = asking;
    this.asked = Optional.empty();
  }

  /// Of what a provider confirmed: ends nothing where something else is true by now.
  Cancel(Memory memory, Claim claim, Instant now) {
    this.memory = memory;
    this.order = claim.task().order();
    this.now = StateColumns.millis(now);
    this.asking = false;
    this.asked = Optional.of(claim);
  }

  @Override
  protected void needs(Needs needs) {
    needs.end(order);
  }

  @Override
  protected Optional<Task> run(Batch batch) throws SQLException {
    ended = false;
    noted = false;
    Optional<LockedTask> open = batch.open(order.id());
    if (asked.isPresent() && !open.map(task -> isOf(asked.get(), task)).orElse(false)) {
      return Optional.empty();
    }
    return open.isPresent()
        ? Optional.of(cancel(batch, open.get()))
        : TaskRows.byId(batch.session(), order.id());
  }

  private static boolean isOf(Claim claim, LockedTask task) {
    return task.fence() == claim.fence() && task.upstreamRef().equals(claim.upstreamRef());
  }

  private Task cancel(Batch batch, LockedTask open) {
    // A running state that is shown and not yet written tells when work began.
    TaskState shown = memory.open().overlay(open.task(order, open.state())).state();
    if (asking && (!(shown instanceof Queued) || open.upstreamRef().isPresent())) {
      open.note(CancelAnswer.PENDING);
      noted = true;
      return open.task(order, shown);
    }
    if (Lifecycle.cancel(shown, now) instanceof Ended end) {
      open.newFence();
      ended = true;
      int reached = shown instanceof Running running ? running.progress() : 0;
      return batch.end(open, order, end, reached);
    }
    return open.task(order, shown);
  }

  @Override
  protected void committed(Optional<Task> result) {
    if (noted) {
      result.ifPresent(memory::noted);
    } else if (ended) {
      result.ifPresent(memory::ended);
    }
  }
}
