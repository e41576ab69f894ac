package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Order.Terms;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.Keeping;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/// What is noted on a task beside its state: what its provider said to the wish to cancel it, and
/// how long to keep it.
final class Wish {
  private static final String CANCELLATION =
      "UPDATE task SET cancellation = ? WHERE id = ? AND state < 10";
  private static final String CANCELLATION_UNDER_FENCE = CANCELLATION + " AND fence = ?";
  private static final String KEEP = "UPDATE task SET keep_for = ? WHERE id = ?";

  private Wish() {}

  /// Notes on an open task that its provider is to be asked to cancel it.
  static Task ask(Transaction transaction, Task open) throws SQLException {
    CancelAnswer pending = CancelAnswer.PENDING;
    transaction.sql(CANCELLATION).put(StateColumns.code(pending)).put(open.id().value()).update();
    return new Task(open.order(), open.state(), open.settlement(), Optional.of(pending));
  }

  /// Notes what a provider said.
  static Verb<Optional<Task>> answer(Memory memory, Claim claim, CancelAnswer answer) {
    TaskId id = claim.task().id();
    return new Act<>(
        transaction ->
            transaction
                        .sql(CANCELLATION_UNDER_FENCE)
                        .put(StateColumns.code(answer))
                        .put(id.value())
                        .put(claim.fence())
                        .update()
                    > 0
                ? TaskRows.byId(transaction.session(), id).map(memory.open()::overlay)
                : Optional.empty(),
        noted -> noted.ifPresent(memory::noted));
  }

  /// Keeps a task for longer.
  static Verb<Optional<Task>> keep(
      Memory memory, TaskId id, ApplicationId application, Keeping keeping) {
    return new Act<>(
        transaction -> {
          Optional<Task> found =
              TaskRows.byId(transaction.session(), id)
                  .filter(task -> task.order().owner().application().equals(application))
                  .map(memory.open()::overlay);
          return found.isPresent() ? Optional.of(kept(transaction, found.get(), keeping)) : found;
        },
        noted -> noted.ifPresent(memory::noted));
  }

  private static Task kept(Transaction transaction, Task task, Keeping keeping)
      throws SQLException {
    Duration span = Duration.ofMillis(span(task, keeping).toMillis());
    Terms before = task.order().terms();
    if (span.compareTo(before.keepFor().orElse(keeping.usual())) <= 0) {
      return task;
    }
    transaction.sql(KEEP).put(span.toMillis()).put(task.id().value()).update();
    Order order = task.order().on(before.keptFor(Optional.of(span)));
    return new Task(order, task.state(), task.settlement(), task.cancellation(), task.reached());
  }

  private static Duration span(Task task, Keeping keeping) {
    return task.state() instanceof Ended ended
        ? Duration.between(ended.at(), keeping.now().plus(keeping.span()))
        : keeping.span();
  }
}
