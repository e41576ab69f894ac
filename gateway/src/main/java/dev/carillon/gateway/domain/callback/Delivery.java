package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.Event;
import java.time.Instant;
import java.util.Optional;

/// One event on its way to one receiver, as it is shown.
///
/// @param endpoint the registered endpoint; empty for the task's own `callback_url`
/// @param destination the origin or endpoint whose queue it stands in
/// @param attempts how many were made
/// @param nextAt when it is tried again, at the earliest; empty when it is not pending
/// @param last what the latest attempt came to; empty before the first
public record Delivery(
    DeliveryId id,
    Destination destination,
    Optional<EndpointId> endpoint,
    Event event,
    DeliveryState state,
    int attempts,
    Optional<Instant> nextAt,
    Instant createdAt,
    Instant changedAt,
    Optional<Attempt> last) {

  /// One attempt as it was stored.
  ///
  /// @param number from 1
  public record Attempt(int number, Receipt receipt) {}
}
