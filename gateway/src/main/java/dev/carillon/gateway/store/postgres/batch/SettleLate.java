package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.store.TaskStore.Late;
import dev.carillon.gateway.store.postgres.batch.Ledger.Amount;
import dev.carillon.gateway.store.postgres.sql.Row;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Gives an expired task the result that came late, where that can be paid in full: what was
/// released is taken again.
public final class SettleLate extends Verb<Late> {
  /// Its row is locked, so what it says stays until the commit.
  private static final String END_WAIT =
      "DELETE FROM late_wait USING task WHERE task.id = ? AND task.application_id = ?"
          + " AND task.fence = ? AND task.state = 13 AND late_wait.task_id = task.id"
          + " AND late_wait.application_id = task.application_id"
          + " RETURNING task.next_sequence, task.changed_at, task.keep_for";

  private static final String END =
      "UPDATE task SET state = 10, changed_at = ?, error_code = NULL, error_message = NULL,"
          + " next_sequence = next_sequence + 1, progress = 100, from_instance = ?, charged = ?,"
          + " response = ? WHERE id = ? AND application_id = ?";

  private final Claim claim;
  private final Succeeded succeeded;
  private final Consumer<Task> afterCommit;

  /// @param afterCommit told of the task on the writer's thread
  public SettleLate(Claim claim, Succeeded succeeded, Consumer<Task> afterCommit) {
    this.claim = claim;
    this.succeeded = (Succeeded) StateColumns.millis(succeeded);
    this.afterCommit = afterCommit;
  }

  private record Waiting(int sequence, Instant expiredAt, Optional<Duration> keepFor) {
    private static Waiting read(Row row) throws SQLException {
      return new Waiting(row.integer(), row.time(), row.maybeNumber().map(Duration::ofMillis));
    }
  }

  @Override
  protected int weight() {
    return 512 + succeeded.answer().json().length();
  }

  @Override
  protected void needs(Needs needs) {
    needs.endLate(claim.task().order());
  }

  @Override
  protected Late run(Batch batch) throws SQLException {
    Order order = claim.task().order();
    Optional<Waiting> waiting =
        batch
            .sql(END_WAIT)
            .put(order.id().value())
            .put(order.owner().application().value())
            .put(claim.fence())
            .one(Waiting::read);
    if (waiting.isEmpty()) {
      return new Late.Stale();
    }
    Money cost = succeeded.answer().costOf(order.price());
    OptionalLong own = batch.purses().hold(order.owner(), cost);
    if (own.isEmpty()) {
      return new Late.UsedUp();
    }
    return new Late.Settled(end(batch, waiting.get(), Amount.of(cost, own.getAsLong())));
  }

  private Task end(Batch batch, Waiting waiting, Amount paid) throws SQLException {
    Order order = claim.task().order();
    var application = order.owner().application();
    batch
        .sql(END)
        .put(succeeded.at())
        .put(paid.instance())
        .putNumber(StateColumns.of(succeeded, order.createdAt()).costingOf(order.price()).charged())
        .put(succeeded.answer().json())
        .put(order.id().value())
        .put(application.value())
        .update();
    if (waiting.keepFor.isPresent()) {
      Instant until = succeeded.at().plus(waiting.keepFor.get());
      KeptTasks.put(batch.session(), application, order.id(), until);
    }
    long at = succeeded.at().toEpochMilli();
    batch.ledger().add(order, Ledger.HOLD_AGAIN, paid, at);
    batch.ledger().add(order, Ledger.SETTLE, paid, at);
    batch.usage().takeBack(order, waiting.expiredAt);
    batch.usage().ended(order, succeeded, paid.whole().micros());
    var what = new Batch.What(order.id(), application, waiting.sequence);
    Event event = batch.event(what, EventType.TASK_SUCCEEDED, succeeded.at(), 100);
    Task task = TaskRows.byId(batch.session(), order.id()).orElseThrow();
    batch.deliveries().ended(task, event);
    return task;
  }

  @Override
  protected void committed(Late result) {
    if (result instanceof Late.Settled(var task)) {
      afterCommit.accept(task);
    }
  }
}
