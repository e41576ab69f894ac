package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes what attempts say of their endpoints. One that is well costs no write but about once a
/// minute, and no lock otherwise, so that nodes which send to one receiver do not wait for each
/// other.
final class Healths {
  /// How old the time of the last success may be.
  private static final Duration SUCCESS_GRAIN = Duration.ofMinutes(1);

  private Healths() {}

  /// Writes it, once for each endpoint.
  ///
  /// @return the endpoints that were switched off by it
  static List<WebhookEndpoint> judge(Batch batch, List<Attempted> stored) throws SQLException {
    var said = new HashMap<EndpointId, List<Attempted>>();
    var endpoints = new HashMap<EndpointId, WebhookEndpoint>();
    for (Attempted one : stored) {
      one.dispatch()
          .endpoint()
          .ifPresent(endpoint -> {
            endpoints.put(endpoint.id(), endpoint);
            said.computeIfAbsent(endpoint.id(), _ -> new ArrayList<>()).add(one);
          });
    }
    if (endpoints.isEmpty()) {
      return List.of();
    }
    List<WebhookEndpoint> changing =
        EndpointRows.all(batch.session(), endpoints.values(), false).stream()
            .filter(now -> !after(now, said).equals(now))
            .toList();
    return changing.isEmpty() ? List.of() : write(batch, changing, said);
  }

  private static List<WebhookEndpoint> write(
      Batch batch, List<WebhookEndpoint> changing, Map<EndpointId, List<Attempted>> said)
      throws SQLException {
    var off = new ArrayList<WebhookEndpoint>();
    for (WebhookEndpoint now : EndpointRows.all(batch.session(), changing, true)) {
      WebhookEndpoint after = after(now, said);
      EndpointRows.update(batch.session(), after);
      if (after.standing() != now.standing()) {
        off.add(after);
      }
    }
    for (WebhookEndpoint gone : off) {
      Instant at = said.getOrDefault(gone.id(), List.of()).getLast().end();
      EndpointEvents.insert(batch, gone, EventType.ENDPOINT_DISABLED, at);
    }
    return off;
  }

  private static WebhookEndpoint after(WebhookEndpoint now, Map<EndpointId, List<Attempted>> said) {
    WebhookEndpoint after = now;
    for (Attempted one : said.getOrDefault(now.id(), List.of())) {
      after = after.with(health(after.health(), one.receipt(), one.end()));
      if (one.receipt().next() instanceof Next.Gone && after.standing() == Standing.ACTIVE) {
        after = after.in(Standing.GONE);
      }
    }
    return after;
  }

  private static Health health(Health before, Receipt receipt, Instant end) {
    if (receipt.failure().isEmpty()) {
      boolean recent =
          before.succeededAt().filter(at -> at.plus(SUCCESS_GRAIN).isAfter(end)).isPresent();
      return before.failingSince().isEmpty() && recent
          ? before
          : new Health(Optional.empty(), 0, Optional.of(end));
    }
    boolean ours = receipt.next() instanceof Next.Retry(_, boolean counted) && !counted;
    return ours
        ? before
        : new Health(
            Optional.of(before.failingSince().orElse(end)),
            before.failures() + 1,
            before.succeededAt());
  }
}
