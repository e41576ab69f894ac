package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Instant;
import java.util.Optional;

/// The work of sending an endpoint what it missed, and how far that has got.
///
/// @param since from when on it is looked for what was missed
/// @param position the place in the feed up to which that was done
/// @param count how many were sent so far
/// @param endedAt empty while it is under way
public record Recovery(
    RecoveryId id,
    ApplicationId application,
    EndpointId endpoint,
    Instant since,
    long position,
    int count,
    Instant createdAt,
    Optional<Instant> endedAt) {

  /// Whether nothing is left to do.
  public boolean isDone() {
    return endedAt.isPresent();
  }
}
