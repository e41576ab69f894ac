package dev.carillon.gateway.domain.callback;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What one attempt at a delivery came to; one row each.
///
/// @param startedAt when the attempt began
/// @param took how long it lasted
/// @param status the HTTP status, or 0 when none came
/// @param failure why it did not count as delivered, such as `connect_refused`; empty on success
/// @param excerpt the beginning of the answer's body; may be empty
/// @param next what the delivery waits for now
public record Receipt(
    Instant startedAt,
    Duration took,
    int status,
    Optional<String> failure,
    String excerpt,
    Next next) {

  /// What happens to the delivery after an attempt.
  public sealed interface Next {
    /// The receiver took it.
    record Delivered() implements Next {}

    /// Another attempt follows.
    ///
    /// @param counted false when the attempt failed by our own fault and uses up none
    record Retry(Instant at, boolean counted) implements Next {}

    /// All attempts are used up, or its time is over.
    record Exhausted() implements Next {}

    /// The address may not be connected to; nothing was sent.
    record Blocked() implements Next {}

    /// The receiver answered 410: nothing more is sent, and its endpoint is switched off.
    record Gone() implements Next {}
  }
}
