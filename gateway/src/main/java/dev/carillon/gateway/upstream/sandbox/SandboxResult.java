package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.domain.Outcome;
import java.util.List;
import java.util.Map;

/// What came of an order.
public sealed interface SandboxResult {
  /// It is made.
  ///
  /// @param works one map each, with the keys the endpoint's response template speaks of
  record Made(List<Map<String, Object>> works) implements SandboxResult {}

  /// It ended otherwise: refused, late or unknown.
  record Ended(Outcome outcome) implements SandboxResult {}
}
