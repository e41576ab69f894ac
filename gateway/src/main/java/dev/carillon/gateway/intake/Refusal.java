package dev.carillon.gateway.intake;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.time.Duration;

/// What a caller is told whose order the store did not take.
public final class Refusal {
  private static final Duration FULL_PAUSE = Duration.ofSeconds(2);

  private Refusal() {}

  /// The refusal.
  ///
  /// @throws IllegalArgumentException for an order that was taken
  public static Problem of(Accepted accepted) {
    return switch (accepted) {
      case Accepted.KeyReused _ -> Problem.of(ErrorCode.IDEMPOTENCY_KEY_REUSED);
      case Accepted.UsedUp _ -> Problem.of(ErrorCode.USED_UP);
      case Accepted.OverLimit _ ->
          new Problem(
              ErrorCode.USED_UP, "The spending limit of this token does not cover the price.");
      case Accepted.NoRoom(boolean ofService) ->
          new Problem(
                  ErrorCode.TOO_MANY_REQUESTS,
                  ofService
                      ? "Too many tasks of this service are open; wait until one has ended."
                      : "Too many tasks are open; wait until one has ended.")
              .retryAfter(FULL_PAUSE);
      case Accepted.Full _ ->
          new Problem(ErrorCode.UNAVAILABLE, "Too many tasks are open, please try again later.")
              .retryAfter(FULL_PAUSE);
      case Accepted.Taken _, Accepted.Replayed _ ->
          throw new IllegalArgumentException("it was taken: " + accepted);
    };
  }
}
