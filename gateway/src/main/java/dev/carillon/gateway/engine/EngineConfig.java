package dev.carillon.gateway.engine;

import java.time.Duration;

/// Bounds of the engine.
///
/// @param runningTasks tasks that may run at once
/// @param runningPerApplication tasks of one application that may run at once, where it has no
///   limit of its own
/// @param lateWindow how long a late result is waited for after the finish-by time; zero for not at
///   all
public record EngineConfig(int runningTasks, int runningPerApplication, Duration lateWindow) {

  /// An engine that waits for no late result.
  public EngineConfig(int runningTasks, int runningPerApplication) {
    this(runningTasks, runningPerApplication, Duration.ZERO);
  }

  /// An engine whose applications may run as many tasks as it has places.
  public EngineConfig(int runningTasks) {
    this(runningTasks, runningTasks);
  }
}
