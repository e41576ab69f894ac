package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.TaskStore.Keeping;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Keeps a task for longer, or deletes it early: `POST /v1/tasks/{id}/keep` and `DELETE
/// /v1/tasks/{id}`.
public final class Retention {
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final IntakeConfig config;
  private final Access access;
  private final TaskStore store;
  private final InstantSource clock;

  public Retention(IntakeConfig config, Access access, TaskStore store, InstantSource clock) {
    this.config = config;
    this.access = access;
    this.store = store;
    this.clock = clock;
  }

  /// The task, kept for as long as the body's field `for` says from now on, or from its end while
  /// it is open. What would be kept longer anyway stays so.
  ///
  /// @throws Problem `not_found`, `gone`, or `bad_request` for a span that is none or too long
  public Task keep(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.CREATE);
    JsonNode wanted = call.json().node().path("for");
    Duration span = Spans.parse("for", wanted.asString(""), LEAST, config.keepLongest());
    Task task = owned(call, caller);
    return store
        .keep(task.id(), caller.application(), new Keeping(clock.instant(), span, config.keepFor()))
        .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND));
  }

  /// Deletes an ended task: result, events and idempotency key; what it cost stays in the ledger.
  ///
  /// @throws Problem `not_found`, `gone`, or `conflict` for an open task and for one whose callback
  ///   is on its way
  public TaskId delete(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.CREATE);
    Task task = owned(call, caller);
    if (!task.state().isFinal()) {
      throw new Problem(
          ErrorCode.CONFLICT, "The task is %s; cancel it first.".formatted(task.state().word()));
    }
    if (!store.remove(task.id(), caller.application())) {
      throw new Problem(ErrorCode.CONFLICT, "The task's callback is on its way; delete it later.");
    }
    return task.id();
  }

  private Task owned(Call call, Caller caller) {
    Optional<TaskId> id = TaskId.parse(call.pathParameter("id").orElse(""));
    return id.flatMap(store::find)
        .filter(task -> task.order().owner().application().equals(caller.application()))
        .filter(task -> caller.mayUse(task.order().service()))
        .orElseThrow(() -> missing(id, caller));
  }

  private Problem missing(Optional<TaskId> id, Caller caller) {
    boolean gone = id.flatMap(known -> store.tombstone(known, caller.application())).isPresent();
    return Problem.of(gone ? ErrorCode.GONE : ErrorCode.NOT_FOUND);
  }
}
