package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.Uuids;
import java.util.Optional;
import java.util.UUID;

/// One event on its way to one receiver; stable over all attempts, so a receiver can drop repeats.
public record DeliveryId(UUID value) {

  /// Reads an id in its wire form, a UUID; empty for anything else.
  public static Optional<DeliveryId> parse(String text) {
    return Uuids.parse(text).map(DeliveryId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
