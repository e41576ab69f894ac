package dev.carillon.gateway.domain;

import dev.carillon.gateway.domain.TaskState.Cancelled;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Expired;
import dev.carillon.gateway.domain.TaskState.Failed;
import dev.carillon.gateway.domain.TaskState.Finalizing;
import dev.carillon.gateway.domain.TaskState.Indeterminate;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.domain.TaskState.Running;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import java.time.Instant;
import java.util.Optional;

/// Which state follows which. Pure and total over open states; `docs/states.md` draws it and a test
/// holds drawing and functions together.
public final class Lifecycle {
  private Lifecycle() {}

  /// The state after work on a task came to an outcome. Of the ended states only `expired` takes
  /// one more, a result that came late; docs/decisions/0012 says why.
  ///
  /// @param state where the task stands; an open state, or expired
  /// @param now the time of the change
  /// @throws IllegalStateException when the task has ended already, naming both
  public static TaskState next(TaskState state, Outcome outcome, Instant now) {
    if (state instanceof Ended && !isLateResult(state, outcome)) {
      throw new IllegalStateException(
          "a task that is " + state.word() + " cannot take the outcome " + outcome);
    }
    Optional<Instant> started = startedAt(state);
    Instant start = started.orElse(now);
    return switch (outcome) {
      case Outcome.Done(var answer) -> new Succeeded(start, now, answer);
      case Outcome.Wait(_, _, int progress) -> new Running(start, progress);
      case Outcome.Full _ -> state;
      case Outcome.Refused(var reason) -> new Failed(start, now, reason);
      case Outcome.Late(var reason) -> new Expired(started, now, reason);
      case Outcome.Unknown _ -> new Indeterminate(start, now);
    };
  }

  private static boolean isLateResult(TaskState state, Outcome outcome) {
    return state instanceof Expired expired
        && expired.startedAt().isPresent()
        && outcome instanceof Outcome.Done;
  }

  /// The state while the files of a provider's answer are copied.
  ///
  /// @param state where the task stands; an open state
  /// @throws IllegalStateException when the task has ended already
  public static TaskState finalizing(TaskState state, Answer answer, Instant now) {
    if (state.isFinal()) {
      throw new IllegalStateException("a task that is " + state.word() + " has no files to copy");
    }
    return new Finalizing(startedAt(state).orElse(now), answer);
  }

  /// The state after the caller asked to cancel: an ended task stays as it is.
  public static TaskState cancel(TaskState state, Instant now) {
    return state.isFinal() ? state : new Cancelled(startedAt(state), now);
  }

  /// When work on the task began; empty when it has not, or never did.
  public static Optional<Instant> startedAt(TaskState state) {
    return switch (state) {
      case Queued _ -> Optional.empty();
      case Running(var startedAt, _) -> Optional.of(startedAt);
      case Finalizing(var startedAt, _) -> Optional.of(startedAt);
      case Indeterminate(var startedAt, _) -> Optional.of(startedAt);
      case Succeeded(var startedAt, _, _) -> Optional.of(startedAt);
      case Failed(var startedAt, _, _) -> Optional.of(startedAt);
      case Cancelled(var startedAt, _) -> startedAt;
      case Expired(var startedAt, _, _) -> startedAt;
    };
  }
}
