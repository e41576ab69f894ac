package dev.carillon.gateway.domain;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Where a task stands. Each state holds exactly what is true in it; `docs/states.md` draws the
/// arrows and [Lifecycle] is their only source.
public sealed interface TaskState {

  /// Accepted, no worker has begun.
  record Queued() implements TaskState {}

  /// A worker is on it.
  ///
  /// @param startedAt when work began
  /// @param progress whole percent, 0 to 99
  record Running(Instant startedAt, int progress) implements TaskState {
    public Running {
      if (progress < 0 || progress > 99) {
        throw new IllegalArgumentException("progress is 0 to 99 per cent, not " + progress);
      }
    }
  }

  /// The provider is done and the result is being copied into our own storage.
  record Finalizing(Instant startedAt, Answer answer) implements TaskState {}

  /// It was sent to a provider and nobody knows whether it arrived. Money stays held until a
  /// look-up or the deadline decides.
  record Indeterminate(Instant startedAt, Instant since) implements TaskState {}

  /// Ended with a result.
  record Succeeded(Instant startedAt, Instant at, Answer answer) implements Ended {}

  /// Ended with a reason; costs nothing.
  ///
  /// @param startedAt when work began; `at` when it never did
  record Failed(Instant startedAt, Instant at, Reason reason) implements Ended {}

  /// Ended by the caller's wish.
  ///
  /// @param startedAt when work began; empty when it never did
  record Cancelled(Optional<Instant> startedAt, Instant at) implements Ended {}

  /// Ended because a deadline passed. A result that comes a little later all the same makes it
  /// [Succeeded].
  ///
  /// @param startedAt when work began; empty when it never did
  record Expired(Optional<Instant> startedAt, Instant at, Reason reason) implements Ended {}

  /// A state that never changes again, but for [Expired].
  sealed interface Ended extends TaskState {
    /// When the task ended.
    Instant at();
  }

  /// True when the task has ended.
  default boolean isFinal() {
    return this instanceof Ended;
  }

  /// The word of the native API and of logs, such as `queued`.
  default String word() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
