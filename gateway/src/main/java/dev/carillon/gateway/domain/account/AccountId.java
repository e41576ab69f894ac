package dev.carillon.gateway.domain.account;

import dev.carillon.gateway.domain.Uuids;
import java.util.Optional;
import java.util.UUID;

/// Who pays: the owner of applications and of the general balance.
public record AccountId(UUID value) {

  /// Reads an id in its wire form, a UUID; empty for anything else.
  public static Optional<AccountId> parse(String text) {
    return Uuids.parse(text).map(AccountId::new);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
