package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.Caller;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.TaskStore;
import java.time.InstantSource;
import java.util.Optional;

/// Cancels a task by its owner's wish: `POST /v1/tasks/{id}/cancel`.
public final class Cancellation {
  private final Access access;
  private final TaskStore store;
  private final InstantSource clock;

  public Cancellation(Access access, TaskStore store, InstantSource clock) {
    this.access = access;
    this.store = store;
    this.clock = clock;
  }

  /// The cancelled task. Cancelling one that is cancelled already answers the same.
  ///
  /// @throws Problem `not_found` for an unknown or foreign task, `conflict` for one that ended
  ///   otherwise
  public Task cancel(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.CREATE);
    Task task =
        TaskId.parse(call.pathParameter("id").orElse(""))
            .flatMap(store::find)
            .filter(found -> caller.mayUse(found.order().service()))
            .flatMap(found -> store.cancel(found.id(), caller.application(), clock.instant()))
            .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND));
    if (!(task.state() instanceof TaskState.Cancelled)) {
      throw new Problem(
          ErrorCode.CONFLICT,
          "The task is %s and cannot be cancelled.".formatted(task.state().word()));
    }
    return task;
  }
}
