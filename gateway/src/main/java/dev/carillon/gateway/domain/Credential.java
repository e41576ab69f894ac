package dev.carillon.gateway.domain;

import java.time.Instant;
import java.util.Optional;

/// A token as the store knows it: by keyed hash only.
///
/// @param tokenHash the keyed hash of the token, hexadecimal
/// @param tokenPrefix the first characters, to tell tokens apart in lists
/// @param expiresAt when the token stops to work; empty for never
/// @param revoked true once it was taken back
public record Credential(
    CredentialId id,
    ApplicationId application,
    String name,
    String tokenHash,
    String tokenPrefix,
    Optional<Instant> expiresAt,
    boolean revoked,
    Instant createdAt) {}
