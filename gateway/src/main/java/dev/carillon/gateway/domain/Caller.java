package dev.carillon.gateway.domain;

import java.util.Optional;

/// Who calls, known by a valid token.
///
/// @param service the one service the token is bound to; empty for a general token
public record Caller(Owner owner, Optional<String> service) {
  public ApplicationId application() {
    return owner.application();
  }

  /// Whether the token may be used on this service (contract section 1.3).
  public boolean mayUse(String wanted) {
    return service.isEmpty() || service.get().equals(wanted);
  }
}
