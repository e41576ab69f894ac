package dev.carillon.gateway.domain.account;

import dev.carillon.gateway.domain.Money;
import java.time.Instant;
import java.util.Optional;

/// What tokens belong to and what owns tasks (contract section 1.3).
///
/// @param service the one service of an individual application; empty for a global one
/// @param balance the instance balance; always zero for a global application
/// @param allowConsumeGlobal whether the account's general balance pays when this one is empty
public record Application(
    ApplicationId id,
    AccountId account,
    String name,
    Optional<String> service,
    Money balance,
    boolean allowConsumeGlobal,
    boolean disabled,
    Instant createdAt) {

  /// This application with another name and use of the general balance.
  public Application with(String otherName, boolean allowed) {
    return new Application(id, account, otherName, service, balance, allowed, disabled, createdAt);
  }
}
