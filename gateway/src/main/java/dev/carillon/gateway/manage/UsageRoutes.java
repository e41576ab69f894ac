package dev.carillon.gateway.manage;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.store.UsageStore;
import java.time.InstantSource;
import java.util.Optional;

/// `GET /v1/usage`: what a caller's own application used, by a business token.
public final class UsageRoutes {
  private final Access access;
  private final UsageStore store;
  private final InstantSource clock;

  public UsageRoutes(Access access, UsageStore store, InstantSource clock) {
    this.access = access;
    this.store = store;
    this.clock = clock;
  }

  public Routes addTo(Routes routes) {
    return routes.get("/usage", this::usage);
  }

  /// A token of some services sees those only.
  private Reply usage(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.QUERY);
    UsageReport asked = UsageReport.asked(call, clock.instant());
    boolean all = caller.grants().services().isEmpty();
    return (all ? asked : asked.byService())
        .reply(
            call,
            store,
            Optional.of(caller.application()),
            row -> all || caller.mayUse(row.of().service().orElse("")));
  }
}
