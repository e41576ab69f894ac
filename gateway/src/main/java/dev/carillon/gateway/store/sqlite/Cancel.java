package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Claim;
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
/// first, notes that. A queued task with a reference counts as worked on: a process that died may
/// have sent it and not have noted that it runs.
final class Cancel extends Verb<Optional<Task>> {
  private static final String STANDS = "SELECT fence, upstream_ref FROM task WHERE id = ?";

  private final Memory memory;
  private final Ending ending;
  private final TaskId id;
  private final ApplicationId application;
  private final Instant now;
  private final Optional<Claim> asked;
  private boolean asking;
  private Optional<Ending.Done> done = Optional.empty();
  private Optional<Task> noted = Optional.empty();

  Cancel(Memory memory, Ending ending, TaskId id, ApplicationId application, Instant now) {
    this.memory = memory;
    this.ending = ending;
    this.id = id;
    this.application = application;
    this.asked = Optional.empty();
    this.now = StateColumns.millis(now);
  }

  /// Of what a provider confirmed: ends nothing where something else is true by now.
  Cancel(Memory memory, Ending ending, Claim claim, Instant now) {
    this.memory = memory;
    this.ending = ending;
    this.id = claim.task().id();
    this.application = claim.task().order().owner().application();
    this.asked = Optional.of(claim);
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
    if (asked.isPresent() && (task.state().isFinal() || !isAsAsked(transaction, asked.get()))) {
      return Optional.empty();
    }
    if (asking && !task.state().isFinal() && isBegun(transaction, task)) {
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

  private record Stands(long fence, Optional<String> ref) {
    private static Stands read(Row row) throws SQLException {
      return new Stands(row.number(), row.maybeText().filter(ref -> !ref.isEmpty()));
    }
  }

  private Stands stands(Transaction transaction) throws SQLException {
    return transaction.sql(STANDS).put(id.value()).one(Stands::read).orElseThrow();
  }

  private boolean isAsAsked(Transaction transaction, Claim claim) throws SQLException {
    return stands(transaction).equals(new Stands(claim.fence(), claim.upstreamRef()));
  }

  private boolean isBegun(Transaction transaction, Task task) throws SQLException {
    return !(task.state() instanceof Queued) || stands(transaction).ref.isPresent();
  }

  @Override
  void committed(Optional<Task> result) {
    noted.ifPresent(memory::noted);
    done.ifPresent(ended -> memory.ended(ended.task(), ended.dispatches()));
  }
}
