package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.domain.TaskState.Running;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Ends an open task by its owner's wish; or, where it is worked on and its provider is to be asked
/// first, notes that.
final class Cancel extends Verb<Optional<Task>> {
  private final Memory memory;
  private final Ending ending;
  private final TaskId id;
  private final ApplicationId application;
  private final Instant now;
  private boolean asking;
  private Optional<Ending.Done> done = Optional.empty();
  private Optional<Task> noted = Optional.empty();

  Cancel(Memory memory, Ending ending, TaskId id, ApplicationId application, Instant now) {
    this.memory = memory;
    this.ending = ending;
    this.id = id;
    this.application = application;
    this.now = StateColumns.millis(now);
  }

  /// The same, but the provider of a task that is worked on is asked first.
  Cancel asking() {
    asking = true;
    return this;
  }

  @Override
  Optional<Task> run(Transaction transaction) throws SQLException {
    done = Optional.empty();
    noted = Optional.empty();
    Optional<Task> row =
        TaskRows.byId(transaction.session(), id)
            .filter(task -> task.order().owner().application().equals(application));
    if (row.isEmpty()) {
      return row;
    }
    // A running state that is shown and not yet written tells when work began.
    Task task = memory.open().overlay(row.get());
    if (asking && !task.state().isFinal() && !(task.state() instanceof Queued)) {
      noted = Optional.of(Wish.ask(transaction, task));
      return noted;
    }
    if (Lifecycle.cancel(task.state(), now) instanceof Ended ended && !task.state().isFinal()) {
      int shown = task.state() instanceof Running running ? running.progress() : 0;
      done = ending.cancel(transaction, new Ending.End(task.order(), ended, shown));
      return done.map(Ending.Done::task);
    }
    return row;
  }

  @Override
  void committed(Optional<Task> result) {
    noted.ifPresent(memory::noted);
    done.ifPresent(ended -> memory.ended(ended.task(), ended.dispatches()));
  }
}
