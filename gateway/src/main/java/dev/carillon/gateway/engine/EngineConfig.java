package dev.carillon.gateway.engine;

/// Bounds of the engine.
///
/// @param runningTasks tasks that may run at once
/// @param runningPerApplication tasks of one application that may run at once, where it has no
///   limit of its own
public record EngineConfig(int runningTasks, int runningPerApplication) {

  /// An engine whose applications may run as many tasks as it has places.
  public EngineConfig(int runningTasks) {
    this(runningTasks, runningTasks);
  }
}
