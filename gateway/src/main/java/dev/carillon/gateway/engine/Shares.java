package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.LimitStore;

/// What each application may have of the engine: its limits where it has some, else those of all.
final class Shares {
  private Shares() {}

  /// Several nodes hold to a limit together: each runs its part of it.
  static Turns.Share of(EngineConfig config, LimitStore store, ApplicationId application) {
    Limits limits = store.of(application);
    int most = limits.runningTasks().orElse(config.runningPerApplication());
    return new Turns.Share(
        limits.weight().orElse(1),
        most == Integer.MAX_VALUE ? most : store.portion(most),
        service ->
            limits.service(service).runningTasks().map(store::portion).orElse(Integer.MAX_VALUE));
  }
}
