package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Cancels a task by its owner's wish: `POST /v1/tasks/{id}/cancel`. Before work began it is
/// cancelled at once. After that its provider is asked, and only what that confirms is cancelled: a
/// task that goes on keeps its hold, its result and its price.
public final class Cancellation {
  /// How long a caller waits for a provider's word.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /// A bell may be lost, a look never is.
  private static final Duration FLOOR = Duration.ofSeconds(1);

  private final Access access;
  private final Store store;
  private final InstantSource clock;

  public Cancellation(Access access, Store store, InstantSource clock) {
    this.access = access;
    this.store = store;
    this.clock = clock;
  }

  /// The task, cancelled; or still open with what its provider said. Cancelling one that is
  /// cancelled already answers the same.
  ///
  /// @throws Problem `not_found` for an unknown or foreign task, `conflict` for one that ended
  ///   otherwise
  public Task cancel(Call call) throws InterruptedException {
    Caller caller = access.admit(call, Optional.empty(), Kind.CREATE);
    Task task =
        TaskId.parse(call.pathParameter("id").orElse(""))
            .flatMap(store.tasks()::find)
            .filter(found -> caller.mayUse(found.order().service()))
            .filter(found -> found.order().owner().application().equals(caller.application()))
            .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND));
    Task told = asked(task);
    if (told.state().isFinal() && !(told.state() instanceof TaskState.Cancelled)) {
      throw new Problem(
          ErrorCode.CONFLICT,
          "The task is %s and cannot be cancelled.".formatted(told.state().word()));
    }
    return told;
  }

  private Task asked(Task task) throws InterruptedException {
    var rung = new Semaphore(0);
    try (var _ = store.bell().listen(task.id(), _ -> rung.release())) {
      Task told =
          store
              .tasks()
              .requestCancel(task.id(), task.order().owner().application(), clock.instant())
              .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND));
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (isPending(told) && System.nanoTime() < end) {
        if (rung.tryAcquire(FLOOR.toMillis(), TimeUnit.MILLISECONDS)) {
          rung.drainPermits();
        }
        told = store.tasks().find(told.id()).orElse(told);
      }
      return told;
    }
  }

  private static boolean isPending(Task task) {
    return !task.state().isFinal()
        && task.cancellation().filter(answer -> answer == CancelAnswer.PENDING).isPresent();
  }
}
