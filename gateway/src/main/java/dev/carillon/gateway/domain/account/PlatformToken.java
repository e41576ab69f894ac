package dev.carillon.gateway.domain.account;

import java.time.Instant;
import java.util.Optional;

/// A token that manages one account and makes no tasks (contract section 1.3); known by keyed hash
/// only.
///
/// @param tokenHash the keyed hash of the token, hexadecimal
/// @param tokenPrefix the first characters, to tell tokens apart in lists
/// @param expiresAt when it stops to work; empty for never
/// @param revoked true once it was taken back
/// @param usedAt when it was last used, as far as written; empty for never
public record PlatformToken(
    PlatformTokenId id,
    AccountId account,
    String name,
    String tokenHash,
    String tokenPrefix,
    Optional<Instant> expiresAt,
    boolean revoked,
    Instant createdAt,
    Optional<Instant> usedAt) {}
