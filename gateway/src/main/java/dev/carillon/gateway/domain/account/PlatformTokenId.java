package dev.carillon.gateway.domain.account;

import dev.carillon.gateway.domain.Uuids;
import java.util.Optional;
import java.util.UUID;

/// One platform token of an account; never the token itself.
public record PlatformTokenId(UUID value) {

  /// Reads an id in its wire form, a UUID; empty for anything else.
  public static Optional<PlatformTokenId> parse(String text) {
    return Uuids.parse(text).map(PlatformTokenId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
