package dev.carillon.gateway.domain.account;

import dev.carillon.gateway.domain.Uuids;
import java.util.Optional;
import java.util.UUID;

/// An application: what tokens belong to and what owns tasks.
public record ApplicationId(UUID value) {

  /// Reads an id in its wire form, a UUID; empty for anything else.
  public static Optional<ApplicationId> parse(String text) {
    return Uuids.parse(text).map(ApplicationId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
