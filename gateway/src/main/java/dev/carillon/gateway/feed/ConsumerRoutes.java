package dev.carillon.gateway.feed;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.Routes;
import dev.carillon.gateway.http.strict.Fields;
import dev.carillon.gateway.http.strict.Strict;
import dev.carillon.gateway.http.strict.Written;
import dev.carillon.gateway.store.FeedStore;
import dev.carillon.gateway.store.FeedStore.Consumer;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// `/v1/consumers`: named readers of the feed, and how far each has got.
final class ConsumerRoutes {
  private static final int MOST = 100;

  private final Access access;
  private final FeedStore store;
  private final FeedPlace places;

  ConsumerRoutes(Access access, FeedStore store, FeedPlace places) {
    this.access = access;
    this.store = store;
    this.places = places;
  }

  Routes addTo(Routes routes) {
    return routes
        .get("/consumers", this::list)
        .get("/consumers/{name}", this::get)
        .route("PUT", "/consumers/{name}", this::put)
        .delete("/consumers/{name}", this::delete);
  }

  private Reply list(Call call) {
    List<Consumer> all = store.consumers(application(call));
    return Reply.json(
        Written.page(
            json ->
                all.forEach(consumer -> {
                  json.writeStartObject();
                  fields(json, consumer);
                  json.writeEndObject();
                }),
            Optional.empty()));
  }

  private Reply get(Call call) {
    return show(application(call), name(call));
  }

  /// Stores how far the consumer has got; a consumer comes to be by its first acknowledgement.
  private Reply put(Call call) {
    ApplicationId application = application(call);
    String name = name(call);
    long place =
        Fields.of(call, List.of("cursor"))
            .text("cursor", 20)
            .map(text -> places.cursor("cursor", text, application))
            .orElseThrow(() ->
                Strict.refused("cursor is missing: that of the last event you are done with"));
    if (!store.acknowledge(application, name, place, MOST)) {
      throw new Problem(
          ErrorCode.CONFLICT,
          "This application has %d consumers, which is the most; delete one first."
              .formatted(MOST));
    }
    return show(application, name);
  }

  private Reply delete(Call call) {
    if (!store.forgetConsumer(application(call), name(call))) {
      throw unknown();
    }
    return Reply.empty(204);
  }

  private Reply show(ApplicationId application, String name) {
    Consumer found =
        store.consumers(application).stream()
            .filter(consumer -> consumer.name().equals(name))
            .findFirst()
            .orElseThrow(ConsumerRoutes::unknown);
    return Reply.json(Written.object(json -> fields(json, found)));
  }

  private static void fields(JsonGenerator json, Consumer consumer) {
    json.writeStringProperty("name", consumer.name());
    json.writeStringProperty("cursor", String.valueOf(consumer.position()));
    Written.time(json, "changed_at", consumer.changedAt());
  }

  private ApplicationId application(Call call) {
    return access.admitToAll(call, Kind.QUERY).application();
  }

  private static String name(Call call) {
    return FeedPlace.name(call.pathParameter("name").orElse(""));
  }

  private static Problem unknown() {
    return new Problem(ErrorCode.NOT_FOUND, "This application has no consumer of this name.");
  }
}
