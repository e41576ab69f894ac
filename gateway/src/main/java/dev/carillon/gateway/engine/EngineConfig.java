package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.LimitStore;
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

  /// What an application may have. Several nodes hold to a limit together: each runs its part of
  /// it.
  Turns.Share share(LimitStore store, ApplicationId application) {
    Limits limits = store.of(application);
    int most = limits.runningTasks().orElse(runningPerApplication);
    return new Turns.Share(
        limits.weight().orElse(1),
        most == Integer.MAX_VALUE ? most : store.portion(most),
        service ->
            limits.service(service).runningTasks().map(store::portion).orElse(Integer.MAX_VALUE));
  }
}
