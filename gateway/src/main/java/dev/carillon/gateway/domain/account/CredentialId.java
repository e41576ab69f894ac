package dev.carillon.gateway.domain.account;

import dev.carillon.gateway.domain.Uuids;
import java.util.Optional;
import java.util.UUID;

/// One token of an application; never the token itself.
public record CredentialId(UUID value) {

  /// Reads an id in its wire form, a UUID; empty for anything else.
  public static Optional<CredentialId> parse(String text) {
    return Uuids.parse(text).map(CredentialId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
