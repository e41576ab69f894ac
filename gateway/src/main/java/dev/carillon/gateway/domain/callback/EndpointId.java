package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.Uuids;
import java.util.Optional;
import java.util.UUID;

/// A registered endpoint's id.
public record EndpointId(UUID value) {

  /// Reads an id in its wire form, a UUID; empty for anything else.
  public static Optional<EndpointId> parse(String text) {
    return Uuids.parse(text).map(EndpointId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
