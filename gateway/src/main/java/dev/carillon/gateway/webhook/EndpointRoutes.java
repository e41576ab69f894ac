package dev.carillon.gateway.webhook;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.strict.Fields;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.http.strict.Written;
import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/v1/endpoints`: registered receivers of an application's events.
final class EndpointRoutes {
  private static final List<String> CREATE =
      List.of("url", "events", "description", "headers", "asymmetric");
  private static final List<String> CHANGE =
      List.of("url", "events", "description", "headers", "asymmetric", "enabled");

  private final Webhooks room;
  private final Store store;
  private final WebhookLimits limits;
  private final Sending sending;
  private final Secrets secrets;

  EndpointRoutes(Webhooks room) {
    this.room = room;
    this.store = room.parts().store();
    this.limits = room.parts().limits();
    this.sending = room.parts().sending();
    this.secrets = room.secrets();
  }

  /// Registers an endpoint; the answer holds its secret, which is shown only now.
  Reply create(Call call) {
    ApplicationId application = room.application(call);
    EndpointChange wanted = EndpointChange.read(Fields.of(call, CREATE), limits, sending);
    var blank =
        new WebhookEndpoint(
            new EndpointId(room.parts().ids().next()),
            application,
            wanted
                .url()
                .orElseThrow(() -> Strict.refused("url is missing: where to POST the events")),
            Set.of(),
            "",
            Map.of(),
            false,
            WebhookEndpoint.Standing.ACTIVE,
            WebhookEndpoint.Health.UNKNOWN,
            room.parts().clock().instant());
    WebhookEndpoint endpoint = wanted.on(blank);
    keyPairFor(application, wanted);
    SigningSecret secret = secrets.fresh(SigningSecret.Kind.HMAC);
    if (!store.endpoints().createEndpoint(endpoint, secret, limits.endpoints())) {
      throw new Problem(
          ErrorCode.CONFLICT,
          "This application has %d endpoints, which is the most; delete one first."
              .formatted(limits.endpoints()));
    }
    return Reply.json(
        201,
        EndpointView.created(endpoint, secret),
        Map.of("Location", "/v1/endpoints/" + endpoint.id()));
  }

  /// Made before the endpoint wants it, so that no callback goes without.
  private void keyPairFor(ApplicationId application, EndpointChange wanted) {
    if (wanted.asymmetric().orElse(false)) {
      secrets.keyPair(application, limits.usualOverlap());
    }
  }

  /// All endpoints of the application, oldest first; there are so few that they are one page.
  Reply list(Call call) {
    List<WebhookEndpoint> all = store.endpoints().endpoints(room.application(call));
    return Reply.json(
        Written.page(
            json -> all.forEach(endpoint -> EndpointView.listed(json, endpoint)),
            Optional.empty()));
  }

  Reply get(Call call) {
    return Reply.json(EndpointView.one(own(call)));
  }

  /// Changes what the body names. Enabling sends what waited meanwhile.
  Reply change(Call call) {
    WebhookEndpoint known = own(call);
    Fields fields = Fields.of(call, CHANGE);
    if (fields.isEmpty()) {
      throw Strict.refused("nothing to change; give one of " + String.join(", ", CHANGE));
    }
    EndpointChange wanted = EndpointChange.read(fields, limits, sending);
    keyPairFor(known.application(), wanted);
    WebhookEndpoint changed =
        store
            .endpoints()
            .changeEndpoint(
                known.id(), known.application(), room.parts().clock().instant(), wanted::on)
            .orElseThrow(EndpointRoutes::unknown);
    return Reply.json(EndpointView.one(changed));
  }

  Reply delete(Call call) {
    WebhookEndpoint known = own(call);
    if (!store.endpoints().deleteEndpoint(known.id(), known.application())) {
      throw unknown();
    }
    return Reply.empty(204);
  }

  /// A new secret, shown only now.
  Reply rotate(Call call) {
    WebhookEndpoint known = own(call);
    Duration overlap = room.overlap(Fields.orNone(call, List.of("overlap")));
    SigningSecret made =
        secrets.rotate(
            new SigningSecret.Owner.OfEndpoint(known.id()), SigningSecret.Kind.HMAC, overlap);
    return Reply.json(EndpointView.rotated(made, Optional.of(made.createdAt().plus(overlap))));
  }

  /// Sends a test event while the caller waits.
  Reply test(Call call) {
    WebhookEndpoint known = own(call);
    var _ = Fields.orNone(call, List.of());
    return Reply.json(EndpointView.tested(known, sending.test().send(known)));
  }

  /// The caller's own endpoint.
  WebhookEndpoint own(Call call) {
    ApplicationId application = room.application(call);
    return EndpointId.parse(call.pathParameter("id").orElse(""))
        .flatMap(id -> store.endpoints().endpoint(id, application))
        .orElseThrow(EndpointRoutes::unknown);
  }

  static Problem unknown() {
    return new Problem(ErrorCode.NOT_FOUND, "No endpoint of this application has this id.");
  }
}
