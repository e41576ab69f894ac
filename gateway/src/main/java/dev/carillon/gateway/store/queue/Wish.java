package dev.carillon.gateway.store.queue;

import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import java.util.Set;

/// What is to be read for one destination.
///
/// @param now those due at this time, in epoch milliseconds
/// @param max how many at most
/// @param leave those to leave out
public record Wish(DestinationQueue queue, long now, int max, Set<DeliveryId> leave) {
  public Destination destination() {
    return queue.destination;
  }
}
