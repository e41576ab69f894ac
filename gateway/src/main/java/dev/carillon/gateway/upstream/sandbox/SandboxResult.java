package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.gateway.domain.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What came of an order.
public sealed interface SandboxResult {
  /// It is under way.
  ///
  /// @param pause how long until there is news: its end, or progress
  /// @param percent how far it is, 0 to 99
  record Pending(Duration pause, int percent) implements SandboxResult {}

  /// It is made.
  ///
  /// @param works one map each, with the keys the endpoint's response template speaks of
  record Made(List<Map<String, Object>> works) implements SandboxResult {}

  /// It ended otherwise: refused, late or unknown.
  record Ended(Outcome outcome) implements SandboxResult {}
}
