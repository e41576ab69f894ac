package dev.carillon.gateway.webhook;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.domain.callback.RecoveryId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.strict.Fields;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.http.strict.Written;
import dev.carillon.gateway.store.RecoveryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/// `/v1/endpoints/{id}/recover`: sending an endpoint what it missed. A small range is sent before
/// the answer; the rest of a large one goes on by itself, over crashes.
final class RecoveryRoutes {
  /// Pages that are sent before the answer.
  private static final int PAGES_AT_ONCE = 5;

  /// What a dry run looks at; more is told as a number that is not all.
  private static final int EVENTS_COUNTED = 20_000;

  private static final int MOST_UNDER_WAY = 10;
  private static final Duration HOLD = Duration.ofSeconds(30);

  private final Webhooks room;
  private final EndpointRoutes endpoints;
  private final RecoveryStore store;

  RecoveryRoutes(Webhooks room, EndpointRoutes endpoints) {
    this.room = room;
    this.endpoints = endpoints;
    this.store = room.parts().store().recoveries();
  }

  /// Sends what the endpoint missed since a time, or counts it.
  Reply recover(Call call) {
    WebhookEndpoint known = endpoints.own(call);
    Fields fields = Fields.of(call, List.of("since", "dry_run"));
    Function<String, Instant> reading =
        text -> Strict.timeOrAgo("since", text, room.parts().clock().instant());
    Instant since =
        fields
            .text("since", 100)
            .map(reading)
            .orElseThrow(
                () -> Strict.refused("since is missing: the time since when to send again"));
    return fields.flag("dry_run").orElse(false) ? count(known, since) : send(known, since);
  }

  private Reply count(WebhookEndpoint endpoint, Instant since) {
    RecoveryStore.Missed missed =
        store
            .missed(endpoint.id(), endpoint.application(), since, EVENTS_COUNTED)
            .orElseThrow(EndpointRoutes::unknown);
    return Reply.json(
        Written.object(json -> {
          json.writeNumberProperty("count", missed.count());
          json.writeBooleanProperty("dry_run", true);
          json.writeBooleanProperty("done", missed.all());
        }));
  }

  private Reply send(WebhookEndpoint endpoint, Instant since) {
    var id = new RecoveryId(room.parts().ids().next());
    var wanted = new RecoveryStore.Wanted(id, endpoint.id(), endpoint.application(), since);
    Recovery recovery = store.begin(wanted, MOST_UNDER_WAY).orElseThrow(() -> notBegun(endpoint));
    for (int page = 1; page <= PAGES_AT_ONCE && !recovery.isDone(); page++) {
      recovery = store.goOn(recovery, page < PAGES_AT_ONCE ? HOLD : Duration.ZERO);
    }
    String path = "/v1/endpoints/" + endpoint.id() + "/recoveries/" + id;
    return Reply.json(recovery.isDone() ? 200 : 202, written(recovery), Map.of("Location", path));
  }

  /// The endpoint may have been deleted since it was found.
  private Problem notBegun(WebhookEndpoint endpoint) {
    Optional<WebhookEndpoint> there =
        room.parts().store().endpoints().endpoint(endpoint.id(), endpoint.application());
    return there.isEmpty()
        ? EndpointRoutes.unknown()
        : new Problem(
            ErrorCode.CONFLICT,
            "%d of this application are under way, which is the most; wait until one has ended."
                .formatted(MOST_UNDER_WAY));
  }

  /// How far one has got.
  Reply get(Call call) {
    WebhookEndpoint known = endpoints.own(call);
    return RecoveryId.parse(call.pathParameter("recovery").orElse(""))
        .flatMap(id -> store.recovery(id, known.application()))
        .filter(found -> found.endpoint().equals(known.id()))
        .map(found -> Reply.json(written(found)))
        .orElseThrow(
            () -> new Problem(ErrorCode.NOT_FOUND, "No recovery of this endpoint has this id."));
  }

  private static String written(Recovery recovery) {
    return Written.object(json -> fields(json, recovery));
  }

  private static void fields(JsonGenerator json, Recovery recovery) {
    json.writeNumberProperty("count", recovery.count());
    json.writeBooleanProperty("dry_run", false);
    json.writeBooleanProperty("done", recovery.isDone());
    json.writeStringProperty("id", recovery.id().toString());
    Written.time(json, "since", recovery.since());
    Written.time(json, "created_at", recovery.createdAt());
    Written.time(json, "ended_at", recovery.endedAt());
  }
}
