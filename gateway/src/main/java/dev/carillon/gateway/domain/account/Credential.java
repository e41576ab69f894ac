package dev.carillon.gateway.domain.account;

import dev.carillon.gateway.domain.Money;
import java.time.Instant;
import java.util.Optional;

/// A token as the store knows it: by keyed hash only.
///
/// @param tokenHash the keyed hash of the token, hexadecimal
/// @param tokenPrefix the first characters, to tell tokens apart in lists
/// @param expiresAt when the token stops to work; empty for never
/// @param revoked true once it was taken back
/// @param grants what it may do
/// @param limit how many credits it may spend in all; empty for no limit of its own
public record Credential(
    CredentialId id,
    ApplicationId application,
    String name,
    String tokenHash,
    String tokenPrefix,
    Optional<Instant> expiresAt,
    boolean revoked,
    Instant createdAt,
    Grants grants,
    Optional<Money> limit) {

  /// A token that may do all its application may.
  public Credential(
      CredentialId id,
      ApplicationId application,
      String name,
      String tokenHash,
      String tokenPrefix,
      Optional<Instant> expiresAt,
      boolean revoked,
      Instant createdAt) {
    this(
        id,
        application,
        name,
        tokenHash,
        tokenPrefix,
        expiresAt,
        revoked,
        createdAt,
        Grants.ALL,
        Optional.empty());
  }
}
