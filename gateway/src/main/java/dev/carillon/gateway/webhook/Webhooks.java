package dev.carillon.gateway.webhook;

import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.strict.Fields;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.time.InstantSource;

/// The native API of callbacks.
public final class Webhooks {
  private final Parts parts;
  private final Secrets secrets;

  /// What it is built of.
  public record Parts(
      WebhookLimits limits,
      Access access,
      Store store,
      Sending sending,
      InstantSource clock,
      Ids ids) {}

  public Webhooks(Parts parts) {
    this.parts = parts;
    this.secrets = new Secrets(parts.store.endpoints(), parts.sending.fresh(), parts.clock);
  }

  /// Adds its routes.
  public Routes addTo(Routes routes) {
    var endpoints = new EndpointRoutes(this);
    var recoveries = new RecoveryRoutes(this, endpoints);
    var deliveries = new DeliveryRoutes(this);
    var keys = new SecretRoutes(this);
    return routes
        .post("/endpoints", endpoints::create)
        .get("/endpoints", endpoints::list)
        .get("/endpoints/{id}", endpoints::get)
        .patch("/endpoints/{id}", endpoints::change)
        .delete("/endpoints/{id}", endpoints::delete)
        .post("/endpoints/{id}/rotate", endpoints::rotate)
        .post("/endpoints/{id}/test", endpoints::test)
        .post("/endpoints/{id}/recover", recoveries::recover)
        .get("/endpoints/{id}/recoveries/{recovery}", recoveries::get)
        .get("/deliveries", deliveries::list)
        .post("/deliveries/redeliver", deliveries::redeliverMany)
        .get("/deliveries/{id}", deliveries::get)
        .post("/deliveries/{id}/redeliver", deliveries::redeliver)
        .get("/webhook-secret", keys::reveal)
        .post("/webhook-secret/rotate", keys::rotate)
        .get("/.well-known/webhook-keys/{name}", keys::jwks);
  }

  Parts parts() {
    return parts;
  }

  Secrets secrets() {
    return secrets;
  }

  Caller admit(Call call) {
    return parts.access.admitToAll(call, Kind.QUERY);
  }

  ApplicationId application(Call call) {
    return admit(call).application();
  }

  /// How long old secrets are signed with beside the new one.
  Duration overlap(Fields fields) {
    return fields
        .text("overlap", 20)
        .map(text -> Strict.span("overlap", text, parts.limits.longestOverlap()))
        .orElse(parts.limits.usualOverlap());
  }
}
