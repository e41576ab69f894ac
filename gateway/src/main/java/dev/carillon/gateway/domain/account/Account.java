package dev.carillon.gateway.domain.account;

import dev.carillon.gateway.domain.Money;
import java.time.Instant;

/// Who pays: it owns applications, platform tokens and the general balance.
///
/// @param name for people; may be empty
public record Account(AccountId id, String name, Money generalBalance, Instant createdAt) {}
