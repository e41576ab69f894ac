package dev.carillon.gateway.domain;

/// Where a caller wants the result POSTed. Any string is taken, as clients send placeholders only
/// to ask for a task id (contract section 0, rule 10); whether it may be connected to is decided at
/// each delivery. It may hold a secret path segment, so [#toString] hides it.
public record CallbackUrl(String value) {
  @Override
  public String toString() {
    return "CallbackUrl(hidden)";
  }
}
