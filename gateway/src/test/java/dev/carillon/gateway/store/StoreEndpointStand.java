package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.DeliveryStore.DeliveryQuery;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What laws about endpoints and their deliveries stand on.
abstract class StoreEndpointStand extends StoreLaws {
  static final Duration LATER = Duration.ofMinutes(5);

  List<String> texts(SigningSecret.Owner owner) {
    return store.endpoints().secrets(owner, clock.instant(), List::of).stream()
        .map(SigningSecret::text)
        .toList();
  }

  WebhookEndpoint register(Set<EventType> events) {
    WebhookEndpoint endpoint = endpoint(events);
    assertThat(store.endpoints().createEndpoint(endpoint, secret(0), 10)).isTrue();
    return endpoint;
  }

  WebhookEndpoint endpoint(Set<EventType> events) {
    return new WebhookEndpoint(
        new EndpointId(ids.next()),
        app,
        new CallbackUrl("https://endpoint.example/hook"),
        events,
        "mine",
        Map.of("X-Key", "value"),
        false,
        Standing.ACTIVE,
        Health.UNKNOWN,
        clock.instant());
  }

  SigningSecret secret(int number) {
    return new SigningSecret(Kind.HMAC, "whsec_" + number, clock.instant(), Optional.empty());
  }

  void stand(WebhookEndpoint endpoint, Standing standing) {
    change(endpoint, one -> one.in(standing));
  }

  void change(WebhookEndpoint endpoint, UnaryOperator<WebhookEndpoint> change) {
    assertThat(store.endpoints().changeEndpoint(endpoint.id(), app, clock.instant(), change))
        .isPresent();
  }

  void move(WebhookEndpoint endpoint, CallbackUrl url) {
    change(endpoint, one -> at(url, one));
  }

  /// The same endpoint at another URL.
  static WebhookEndpoint at(CallbackUrl url, WebhookEndpoint one) {
    return new WebhookEndpoint(
        one.id(),
        one.application(),
        url,
        one.events(),
        one.description(),
        one.headers(),
        one.asymmetric(),
        one.standing(),
        one.health(),
        one.createdAt());
  }

  Health health(WebhookEndpoint endpoint) {
    return store.endpoints().endpoint(endpoint.id(), app).orElseThrow().health();
  }

  List<DeliveryState> states(WebhookEndpoint endpoint) {
    return store.deliveries().deliveries(DeliveryQuery.newest(app, 100)).stream()
        .filter(one -> one.endpoint().equals(Optional.of(endpoint.id())))
        .map(Delivery::state)
        .toList();
  }

  List<EventType> types() {
    return store.feed().feed(app, 0, 100).stream()
        .map(item ->
            switch (item) {
              case FeedItem.OfTask(var event, _) -> event.type();
              case FeedItem.OfEndpoint endpoint -> endpoint.type();
            })
        .toList();
  }

  Set<Dispatch> dispatchAll() {
    var all = new HashSet<Dispatch>();
    for (List<Dispatch> some = dispatches(); !some.isEmpty(); some = dispatches()) {
      all.addAll(some);
    }
    return all;
  }

  Receipt failed(int status, Next next) {
    return new Receipt(
        clock.instant(), Duration.ofMillis(3), status, Optional.of("http_" + status), "oh", next);
  }
}
