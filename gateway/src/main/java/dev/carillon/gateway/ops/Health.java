package dev.carillon.gateway.ops;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import java.util.function.BooleanSupplier;

/// Tells whether the gateway lives and whether it can serve. Safe for many threads.
public final class Health {
  private final BooleanSupplier storeReady;
  private volatile boolean serving;

  /// Not serving until [#serving] says so.
  ///
  /// @param storeReady whether a write would be taken now, such as
  ///   [dev.carillon.gateway.store.Store#ready]
  public Health(BooleanSupplier storeReady) {
    this.storeReady = storeReady;
  }

  /// Says that the start is done, or that closing has begun.
  public void serving(boolean now) {
    serving = now;
  }

  /// Adds `/health/live` and `/health/ready`.
  public Routes addTo(Routes routes) {
    return routes.get("/health/live", this::live).get("/health/ready", this::ready);
  }

  private Reply live(Call call) {
    return Reply.json("{\"status\":\"live\"}").withHeader("Cache-Control", "no-store");
  }

  private Reply ready(Call call) {
    boolean store = storeReady.getAsBoolean();
    boolean ready = serving && store;
    String body =
        "{\"status\":\"%s\",\"serving\":%s,\"store\":%s}"
            .formatted(ready ? "ready" : "not ready", serving, store);
    return Reply.json(ready ? 200 : 503, body).withHeader("Cache-Control", "no-store");
  }
}
