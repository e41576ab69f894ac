package dev.carillon.gateway.webhook;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.strict.Fields;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.http.strict.Written;
import dev.carillon.gateway.store.DeliveryStore.Redelivered;
import dev.carillon.gateway.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `/v1/deliveries`: what became of each event on its way to each receiver, and sending it again.
final class DeliveryRoutes {
  private static final int USUAL_LIMIT = 20;
  private static final int MOST_LIMIT = 100;

  /// What one request sends again, some seconds of work.
  private static final int MOST_AT_ONCE = 10_000;

  private final Webhooks room;
  private final Store store;

  DeliveryRoutes(Webhooks room) {
    this.room = room;
    this.store = room.parts().store();
  }

  /// A page, newest first; `after` takes the `next` of the page before.
  Reply list(Call call) {
    ApplicationId application = room.application(call);
    int limit = Strict.limit(call, USUAL_LIMIT, MOST_LIMIT);
    var filter = new DeliveryFilter(name -> Strict.query(call, name));
    var query = filter.query(application, filter.id("after", DeliveryId::parse), limit + 1);
    List<Delivery> found = store.deliveries().deliveries(query);
    List<Delivery> page = found.subList(0, Math.min(limit, found.size()));
    Optional<String> next =
        found.size() > limit ? Optional.of(page.getLast().id().toString()) : Optional.empty();
    DeliveryView view = view(application, page);
    return Reply.json(
        Written.page(json -> page.forEach(delivery -> view.listed(json, delivery)), next));
  }

  /// One with all its attempts.
  Reply get(Call call) {
    ApplicationId application = room.application(call);
    return show(own(call, application), application);
  }

  private Reply show(Delivery delivery, ApplicationId application) {
    var attempts = store.deliveries().attempts(delivery.id(), application);
    return Reply.json(view(application, List.of(delivery)).one(delivery, attempts));
  }

  /// Sends one again with a fresh schedule, whatever became of it.
  Reply redeliver(Call call) {
    ApplicationId application = room.application(call);
    Delivery known = own(call, application);
    boolean newId = Fields.orNone(call, List.of("new_id")).flag("new_id").orElse(false);
    if (!store.deliveries().redeliver(known.id(), application, newId)) {
      throw new Problem(
          ErrorCode.CONFLICT, "Its endpoint was deleted, so there is nowhere to send it.");
    }
    return show(own(call, application), application);
  }

  /// Sends again what matches, the newest of much; `after` takes the `after` of the answer before.
  /// Without any filter it would be everything, which is more likely a slip than a wish.
  Reply redeliverMany(Call call) {
    ApplicationId application = room.application(call);
    var names = new ArrayList<>(DeliveryFilter.NAMES);
    names.addAll(List.of("dry_run", "after"));
    Fields fields = Fields.orNone(call, names);
    var filter = new DeliveryFilter(name -> fields.text(name, 100));
    if (filter.isEmpty()) {
      throw Strict.refused(
          "give at least one of "
              + String.join(", ", DeliveryFilter.NAMES)
              + ", so that not everything is sent again");
    }
    boolean dryRun = fields.flag("dry_run").orElse(false);
    var query = filter.query(application, filter.id("after", DeliveryId::parse), MOST_AT_ONCE);
    Redelivered sent = store.deliveries().redeliverAll(query, dryRun);
    return Reply.json(
        Written.object(json -> {
          json.writeNumberProperty("count", sent.count());
          json.writeBooleanProperty("dry_run", dryRun);
          json.writeBooleanProperty("done", sent.rest().isEmpty());
          if (sent.rest().isPresent()) {
            json.writeStringProperty("after", sent.rest().get().toString());
          }
        }));
  }

  private Delivery own(Call call, ApplicationId application) {
    return DeliveryId.parse(call.pathParameter("id").orElse(""))
        .flatMap(id -> store.deliveries().delivery(id, application))
        .orElseThrow(
            () -> new Problem(ErrorCode.NOT_FOUND, "No delivery of this application has this id."));
  }

  /// The addresses of endpoints are read once a page.
  private DeliveryView view(ApplicationId application, List<Delivery> page) {
    boolean registered = page.stream().anyMatch(delivery -> delivery.endpoint().isPresent());
    Map<EndpointId, String> addresses =
        registered
            ? store.endpoints().endpoints(application).stream()
                .collect(Collectors.toMap(WebhookEndpoint::id, endpoint -> endpoint.url().shown()))
            : Map.of();
    return new DeliveryView(addresses);
  }
}
