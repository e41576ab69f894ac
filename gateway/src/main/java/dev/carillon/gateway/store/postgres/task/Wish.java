package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Order.Terms;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.store.TaskStore.Keeping;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.KeptTasks;
import dev.carillon.gateway.store.postgres.batch.LockedTask;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.batch.Verb;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// What is noted on a task beside its state: the provider's job, what the provider said to the wish
/// to cancel it, and how long to keep it.
final class Wish {
  private static final String LOCK_ENDED =
      "SELECT "
          + TaskRows.COLUMNS
          + " FROM task WHERE id = ? AND application_id = ? AND state >= 10 FOR UPDATE";
  private static final String KEEP =
      "UPDATE task SET keep_for = ? WHERE id = ? AND application_id = ?";

  private Wish() {}

  /// Notes the provider's own job id, also of an expired task whose result is waited for.
  static Verb<Boolean> upstream(Claim claim, String ref) {
    Order order = claim.task().order();
    return new Act<>(
        needs -> needs.task(order.id(), order.owner().application()),
        batch -> {
          Optional<LockedTask> open = batch.open(order.id(), claim.fence());
          open.ifPresent(task -> task.noteUpstream(ref));
          return open.isPresent() || LateWaits.noteUpstream(batch, claim, ref);
        },
        _ -> {});
  }

  /// Notes what a provider said.
  static Verb<Optional<Task>> answer(Memory memory, Claim claim, CancelAnswer answer) {
    Order order = claim.task().order();
    return new Act<>(
        needs -> needs.task(order.id(), order.owner().application()),
        batch -> {
          Optional<LockedTask> open = batch.open(order.id(), claim.fence());
          open.ifPresent(task -> task.note(answer));
          return open.map(task -> memory.open().overlay(task.task(order, task.state())));
        },
        noted -> noted.ifPresent(memory::noted));
  }

  /// Keeps a task for longer.
  static Verb<Optional<Task>> keep(Memory memory, Order order, Keeping keeping) {
    return new Act<>(
        needs -> needs.task(order.id(), order.owner().application()),
        batch -> {
          Optional<LockedTask> locked = batch.locked(order.id());
          return locked.isPresent()
              ? Optional.of(keep(memory, order, keeping, locked.get()))
              : keepEnded(batch, order, keeping);
        },
        noted -> noted.ifPresent(memory::noted));
  }

  private static Task keep(Memory memory, Order order, Keeping keeping, LockedTask locked) {
    Task task = memory.open().overlay(locked.task(order, locked.state()));
    longer(task, keeping).ifPresent(locked::keepFor);
    return memory.open().overlay(locked.task(order, locked.state()));
  }

  private static Optional<Task> keepEnded(Batch batch, Order order, Keeping keeping)
      throws SQLException {
    Optional<Task> found =
        batch
            .sql(LOCK_ENDED)
            .put(order.id().value())
            .put(order.owner().application().value())
            .one(TaskRows::read);
    if (found.isEmpty()) {
      return found;
    }
    Task task = found.get();
    Optional<Duration> span = longer(task, keeping);
    if (span.isEmpty() || !(task.state() instanceof Ended ended)) {
      return found;
    }
    batch
        .sql(KEEP)
        .put(span.get().toMillis())
        .put(order.id().value())
        .put(order.owner().application().value())
        .update();
    KeptTasks.put(
        batch.session(), order.owner().application(), order.id(), ended.at().plus(span.get()));
    Terms before = task.order().terms();
    Order kept = task.order().on(before.keptFor(span));
    return Optional.of(
        new Task(kept, task.state(), task.settlement(), task.cancellation(), task.reached()));
  }

  /// How long to keep it after its end; empty where that is not longer than now.
  private static Optional<Duration> longer(Task task, Keeping keeping) {
    Duration span =
        task.state() instanceof Ended ended
            ? Duration.between(ended.at(), keeping.now().plus(keeping.span()))
            : keeping.span();
    Duration millis = Duration.ofMillis(span.toMillis());
    Duration before = task.order().terms().keepFor().orElse(keeping.usual());
    return millis.compareTo(before) > 0 ? Optional.of(millis) : Optional.empty();
  }
}
