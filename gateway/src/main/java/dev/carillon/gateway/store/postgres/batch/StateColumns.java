package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Cancelled;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Expired;
import dev.carillon.gateway.domain.TaskState.Failed;
import dev.carillon.gateway.domain.TaskState.Finalizing;
import dev.carillon.gateway.domain.TaskState.Indeterminate;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.domain.TaskState.Running;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.store.postgres.sql.Row;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A task's state as columns. A code below [#ENDED] is an open state; the partial index and every
/// guard rest on that.
///
/// @param progress whole percent of a running task, or that an ended one had reached
/// @param charged what a response costs in millionths of a credit, where that is not the price
public record StateColumns(
    int code,
    int progress,
    Instant startedAt,
    Instant changedAt,
    Optional<Reason> reason,
    Optional<String> response,
    Optional<Long> charged) {
  public static final int QUEUED = 2;
  public static final int RUNNING = 3;
  public static final int FINALIZING = 4;
  public static final int INDETERMINATE = 5;
  public static final int ENDED = 10;
  public static final int SUCCEEDED = 10;
  public static final int FAILED = 11;
  public static final int CANCELLED = 12;
  public static final int EXPIRED = 13;
  public static final int CANCELLED_UNBEGUN = 14;
  public static final int EXPIRED_UNBEGUN = 15;

  /// The columns of a state.
  ///
  /// @param createdAt when the task was accepted
  public static StateColumns of(TaskState state, Instant createdAt) {
    Instant startedAt = Lifecycle.startedAt(state).orElse(createdAt);
    return new StateColumns(
        code(state),
        state instanceof Running running ? running.progress() : 0,
        startedAt,
        changedAt(state, startedAt),
        reason(state),
        answer(state).map(Answer::json),
        answer(state).flatMap(Answer::cost).map(Money::micros));
  }

  private static int code(TaskState state) {
    return switch (state) {
      case Queued _ -> QUEUED;
      case Running _ -> RUNNING;
      case Finalizing _ -> FINALIZING;
      case Indeterminate _ -> INDETERMINATE;
      case Succeeded _ -> SUCCEEDED;
      case Failed _ -> FAILED;
      case Cancelled(var startedAt, _) -> startedAt.isPresent() ? CANCELLED : CANCELLED_UNBEGUN;
      case Expired(var startedAt, _, _) -> startedAt.isPresent() ? EXPIRED : EXPIRED_UNBEGUN;
    };
  }

  private static Instant changedAt(TaskState state, Instant startedAt) {
    return switch (state) {
      case Indeterminate(_, var since) -> since;
      case Ended ended -> ended.at();
      case Queued _, Running _, Finalizing _ -> startedAt;
    };
  }

  private static Optional<Reason> reason(TaskState state) {
    return switch (state) {
      case Failed(_, _, var reason) -> Optional.of(reason);
      case Expired(_, _, var reason) -> Optional.of(reason);
      case Queued _, Running _, Finalizing _, Indeterminate _, Succeeded _, Cancelled _ ->
          Optional.empty();
    };
  }

  private static Optional<Answer> answer(TaskState state) {
    return switch (state) {
      case Finalizing(_, var answer) -> Optional.of(answer);
      case Succeeded(_, _, var answer) -> Optional.of(answer);
      case Queued _, Running _, Indeterminate _, Failed _, Cancelled _, Expired _ ->
          Optional.empty();
    };
  }

  /// Reads the columns `state, progress, started_at, changed_at, error_code, error_message,
  /// response, charged`.
  public static StateColumns read(Row row) throws SQLException {
    int code = row.integer();
    int progress = row.integer();
    Instant startedAt = row.time();
    Instant changedAt = row.time();
    Optional<String> errorCode = row.maybeText();
    Optional<String> message = row.maybeText();
    Optional<Reason> reason =
        errorCode.map(word ->
            new Reason(ErrorCode.ofWire(word).orElse(ErrorCode.API_ERROR), message.orElse("")));
    return new StateColumns(
        code, progress, startedAt, changedAt, reason, row.maybeText(), row.maybeNumber());
  }

  /// These, of an ended task: what a response cost is told only where that is less than the price.
  StateColumns costingOf(Money price) {
    return new StateColumns(
        code,
        progress,
        startedAt,
        changedAt,
        reason,
        response,
        charged.filter(cost -> cost < price.micros()));
  }

  public TaskState state() {
    return switch (code) {
      case QUEUED -> new Queued();
      case RUNNING -> new Running(startedAt, progress);
      case FINALIZING -> new Finalizing(startedAt, answer());
      case INDETERMINATE -> new Indeterminate(startedAt, changedAt);
      case SUCCEEDED -> new Succeeded(startedAt, changedAt, answer());
      case FAILED -> new Failed(startedAt, changedAt, reason.orElseThrow());
      case CANCELLED -> new Cancelled(Optional.of(startedAt), changedAt);
      case CANCELLED_UNBEGUN -> new Cancelled(Optional.empty(), changedAt);
      case EXPIRED -> new Expired(Optional.of(startedAt), changedAt, reason.orElseThrow());
      case EXPIRED_UNBEGUN -> new Expired(Optional.empty(), changedAt, reason.orElseThrow());
      default -> throw new IllegalStateException("no task state has the code " + code);
    };
  }

  /// What became of the money: the state tells.
  public static Settlement settlement(TaskState state) {
    return switch (state) {
      case Succeeded _ -> Settlement.CHARGED;
      case Failed _, Cancelled _, Expired _ -> Settlement.RELEASED;
      case Queued _, Running _, Finalizing _, Indeterminate _ -> Settlement.HELD;
    };
  }

  /// What a provider said to a cancel, as the database keeps it.
  public static int code(CancelAnswer answer) {
    return switch (answer) {
      case PENDING -> 0;
      case CONFIRMED -> 1;
      case REFUSED -> 2;
      case UNSUPPORTED -> 3;
    };
  }

  public static CancelAnswer cancelAnswer(int code) {
    return switch (code) {
      case 0 -> CancelAnswer.PENDING;
      case 1 -> CancelAnswer.CONFIRMED;
      case 2 -> CancelAnswer.REFUSED;
      case 3 -> CancelAnswer.UNSUPPORTED;
      default -> throw new IllegalStateException("no answer to a cancel has the code " + code);
    };
  }

  private Answer answer() {
    return new Answer(response.orElseThrow(), charged.map(Money::new));
  }

  /// The event of a task's end.
  public static EventType eventOf(Ended ended) {
    return switch (ended) {
      case Succeeded _ -> EventType.TASK_SUCCEEDED;
      case Failed _ -> EventType.TASK_FAILED;
      case Cancelled _ -> EventType.TASK_CANCELLED;
      case Expired _ -> EventType.TASK_EXPIRED;
    };
  }

  /// A time as the database keeps it, so that a task reads the same from memory and from there.
  public static Instant millis(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  /// A state with its times as the database keeps them.
  public static TaskState millis(TaskState state) {
    return switch (state) {
      case Queued queued -> queued;
      case Running(var started, int progress) -> new Running(millis(started), progress);
      case Finalizing(var started, var answer) -> new Finalizing(millis(started), answer);
      case Indeterminate(var started, var since) ->
          new Indeterminate(millis(started), millis(since));
      case Ended ended -> millis(ended);
    };
  }

  public static Ended millis(Ended ended) {
    return switch (ended) {
      case Succeeded(var started, var at, var answer) ->
          new Succeeded(millis(started), millis(at), answer);
      case Failed(var started, var at, var reason) ->
          new Failed(millis(started), millis(at), reason);
      case Cancelled(var started, var at) ->
          new Cancelled(started.map(StateColumns::millis), millis(at));
      case Expired(var started, var at, var reason) ->
          new Expired(started.map(StateColumns::millis), millis(at), reason);
    };
  }
}
