package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Task;

/// Hears of the engine's work, for metrics.
@FunctionalInterface
public interface EngineListener {
  /// A claim's work ended the task, or parked it.
  void settled(Claim claim, Task task);
}
