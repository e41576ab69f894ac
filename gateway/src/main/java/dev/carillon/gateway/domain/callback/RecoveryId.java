package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.Uuids;
import java.util.Optional;
import java.util.UUID;

/// One sending again of what an endpoint missed.
public record RecoveryId(UUID value) {

  /// Reads an id in its wire form, a UUID; empty for anything else.
  public static Optional<RecoveryId> parse(String text) {
    return Uuids.parse(text).map(RecoveryId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
