package dev.carillon.gateway.engine;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores what tasks come to, for as long as it takes, and tells of it.
final class Settler {
  private static final Logger log = LoggerFactory.getLogger(Settler.class);
  private static final Duration STORE_PAUSE = Duration.ofMillis(500);

  /// Failures of one settle after which a healthy store is taken at its word.
  private static final int UNSTORABLE = 10;

  private final Store store;
  private final InstantSource clock;
  private final EngineListener listener;
  private volatile boolean open = true;

  Settler(Store store, InstantSource clock, EngineListener listener) {
    this.store = store;
    this.clock = clock;
    this.listener = listener;
  }

  /// Tries until the store takes it, or a stop gives up.
  <T> T untilStored(Claim claim, Supplier<T> verb) {
    for (int failures = 1; true; failures++) {
      try {
        return verb.get();
      } catch (StoreUnavailableException later) {
        if (failures >= UNSTORABLE && store.ready()) {
          throw later; // it takes others' writes and never this one
        }
        log.warn("task.store.waiting task={} reason=\"{}\"", claim.task().id(), later.getMessage());
        pause();
        if (!open) {
          throw later;
        }
      }
    }
  }

  /// Tries until the store takes it: the outcome exists only here, and losing it would run the task
  /// again. A stop gives up, as the next start resumes.
  Optional<Task> settleOnceStored(Claim claim, TaskState next) {
    TaskState wanted = next;
    for (int failures = 1; true; failures++) {
      try {
        return store.tasks().settle(claim, wanted);
      } catch (StoreUnavailableException later) {
        if (failures >= UNSTORABLE && store.ready()) {
          wanted = unstorable(claim, next);
        }
        log.warn(
            "task.settle.waiting task={} reason=\"{}\"", claim.task().id(), later.getMessage());
        pause();
        if (!open) {
          throw later;
        }
      }
    }
  }

  /// A store that takes others' writes and never this one will not take it later: the task then
  /// ends without its result rather than never.
  private TaskState unstorable(Claim claim, TaskState next) {
    log.error("task.unstorable task={} state={}", claim.task().id(), next.word());
    Instant started = Lifecycle.startedAt(next).orElse(clock.instant());
    return new TaskState.Failed(started, clock.instant(), Reason.of(ErrorCode.API_ERROR));
  }

  /// An interrupt only ends the pause early: what is to be settled is settled while we are open.
  private static void pause() {
    try {
      Thread.sleep(STORE_PAUSE);
    } catch (InterruptedException _) {
      // the caller looks whether we close
    }
  }

  /// A task has ended, and that is stored.
  void ended(Claim claim, Task task) {
    listener.settled(claim, task);
    logSettled(claim, task);
  }

  private void logSettled(Claim claim, Task task) {
    var order = task.order();
    log.info(
        "task.settled task={} application={} endpoint={} trace={} attempt={} fence={} state={} code={}"
            + " took_ms={}",
        task.id(),
        order.owner().application(),
        order.endpoint(),
        order.traceId(),
        claim.attempt(),
        claim.fence(),
        task.state().word(),
        code(task.state()),
        Duration.between(order.createdAt(), clock.instant()).toMillis());
  }

  private static String code(TaskState state) {
    return switch (state) {
      case TaskState.Failed(_, _, var reason) -> reason.code().wire();
      case TaskState.Expired(_, _, var reason) -> reason.code().wire();
      default -> "-";
    };
  }

  /// Gives up what cannot be stored; the next start resumes it.
  void close() {
    open = false;
  }
}
