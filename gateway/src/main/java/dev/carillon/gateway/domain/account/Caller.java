package dev.carillon.gateway.domain.account;

import java.util.Optional;

/// Who calls, known by a valid token.
///
/// @param service the one service the token is bound to; empty for a general token
/// @param grants what the token may do of what its application may
public record Caller(Owner owner, Optional<String> service, Grants grants) {

  /// A caller who may do all its application may.
  public Caller(Owner owner, Optional<String> service) {
    this(owner, service, Grants.ALL);
  }

  public ApplicationId application() {
    return owner.application();
  }

  /// Whether the token may be used on this service (contract section 1.3).
  public boolean mayUse(String wanted) {
    return (service.isEmpty() || service.get().equals(wanted)) && grants.mayUse(wanted);
  }

  /// Whether the token may create tasks on this endpoint, given by its key in the catalog.
  public boolean mayCall(String api) {
    return grants.mayCall(api);
  }
}
