package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Destination;
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
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// The laws of registered endpoints, of their queues and of sending again.
abstract class StoreEndpointLaws extends StoreLaws {
  private static final Duration LATER = Duration.ofMinutes(5);

  @Test
  void each_endpoint_that_hears_of_an_end_gets_it_and_the_callback_url_too() {
    WebhookEndpoint all = register(Set.of());
    WebhookEndpoint failures = register(Set.of(EventType.TASK_FAILED));
    end();

    List<Dispatch> dispatches = dispatches();

    assertThat(dispatches).hasSize(2);
    assertThat(dispatches)
        .extracting(dispatch -> dispatch.endpoint().map(WebhookEndpoint::id))
        .containsExactlyInAnyOrder(Optional.empty(), Optional.of(all.id()));
    assertThat(dispatches)
        .extracting(Dispatch::webhookId)
        .containsOnly(dispatches.getFirst().event().id());
    assertThat(failures.hears(EventType.TASK_SUCCEEDED)).isFalse();
  }

  @Test
  void what_was_written_survives_a_crash_endpoint_and_queue() {
    WebhookEndpoint endpoint = register(Set.of(EventType.TASK_SUCCEEDED));
    accept(order("0"));
    store.tasks().settle(claimOne(), success());

    crash();

    assertThat(store.endpoints().endpoint(endpoint.id(), app)).contains(endpoint);
    assertThat(dispatchOne().endpoint()).contains(endpoint);
  }

  @Test
  void an_application_has_no_more_endpoints_than_it_may_and_none_of_another() {
    WebhookEndpoint first = register(Set.of());
    var other = new ApplicationId(ids.next());

    assertThat(store.endpoints().createEndpoint(endpoint(Set.of()), secret(1), 1)).isFalse();
    assertThat(store.endpoints().endpoints(app)).containsExactly(first);
    assertThat(store.endpoints().endpoint(first.id(), other)).isEmpty();
    assertThat(store.endpoints().deleteEndpoint(first.id(), other)).isFalse();
    assertThat(store.endpoints().endpoints(other)).isEmpty();
  }

  @Test
  void a_destination_that_takes_nothing_is_set_aside_until_it_is_opened() {
    WebhookEndpoint dead = register(Set.of());
    end();
    end();
    var asked = new AtomicInteger();
    DeliveryStore.Doors doors =
        destination -> {
          boolean isDead = destination.equals(dead.destination());
          asked.addAndGet(isDead ? 1 : 0);
          return isDead ? 0 : 10;
        };

    assertThat(dispatches(doors, 10)).hasSize(2).allMatch(one -> one.endpoint().isEmpty());
    end();
    assertThat(dispatches(doors, 10)).hasSize(1);
    assertThat(asked).hasValue(1);
    store.deliveries().reopen(dead.destination());

    assertThat(dispatches()).hasSize(3).allMatch(one -> one.endpoint().isPresent());
  }

  @Test
  void no_more_is_handed_out_to_a_destination_than_there_is_room() {
    for (int i = 0; i < 7; i++) {
      end();
    }
    Destination to = new Destination(app, "https://caller.example:443");

    assertThat(dispatches(_ -> 3, 10)).hasSize(3).allMatch(one -> one.destination().equals(to));
    assertThat(dispatches(_ -> 0, 10)).isEmpty();
    assertThat(dispatches()).isEmpty();
    store.deliveries().reopen(to);
    assertThat(dispatches(_ -> 2, 10)).hasSize(2);
  }

  /// Doors reopen what they closed: one they let something through to they know nothing of.
  @Test
  void a_destination_whose_room_was_used_up_is_asked_for_again() {
    for (int i = 0; i < 7; i++) {
      end();
    }

    assertThat(dispatches(_ -> 4, 10)).hasSize(4);
    assertThat(dispatches(_ -> 4, 10)).hasSize(3);
  }

  @Test
  void a_busy_application_leaves_turns_to_the_others() {
    var other = new ApplicationId(ids.next());
    store.access().createApplication(application(other, "10", true));
    for (int i = 0; i < 50; i++) {
      end();
    }
    accept(
        order(
            other,
            "midjourney",
            "imagine",
            "0",
            Optional.of(new CallbackUrl("https://b.example/h"))));
    store.tasks().settle(claimOne(), success());

    assertThat(dispatches(2))
        .extracting(one -> one.task().order().owner().application())
        .containsExactlyInAnyOrder(app, other);
  }

  @Test
  void what_is_put_back_comes_again_as_it_was() {
    end();
    Dispatch first = dispatchOne();
    store.deliveries().putBack(first);

    assertThat(dispatchOne()).isEqualTo(first);
  }

  @Test
  void a_paused_endpoint_gets_nothing_and_catches_up_when_it_is_enabled() {
    WebhookEndpoint endpoint = register(Set.of());
    stand(endpoint, Standing.PAUSED);
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    assertThat(dispatches()).isEmpty();
    crash();
    assertThat(dispatches()).isEmpty();
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(1);

    stand(endpoint, Standing.ACTIVE);

    assertThat(dispatchOne().endpoint().map(WebhookEndpoint::id)).contains(endpoint.id());
    assertThat(types())
        .containsSubsequence(EventType.ENDPOINT_DISABLED, EventType.ENDPOINT_ENABLED);
  }

  @Test
  void deleting_an_endpoint_drops_what_waited_for_it() {
    WebhookEndpoint endpoint = register(Set.of());
    end();
    end();

    assertThat(store.endpoints().deleteEndpoint(endpoint.id(), app)).isTrue();

    assertThat(dispatches()).hasSize(2).allMatch(one -> one.endpoint().isEmpty());
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(2);
    assertThat(store.endpoints().endpoint(endpoint.id(), app)).isEmpty();
    assertThat(states(endpoint)).containsOnly(DeliveryState.DROPPED);
    crash();
    assertThat(dispatches()).hasSize(2);
    assertThat(store.endpoints().deleteEndpoint(endpoint.id(), app)).isFalse();
  }

  @Test
  void a_receiver_that_is_gone_is_switched_off_with_an_event() {
    WebhookEndpoint endpoint = register(Set.of());
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    store.deliveries().recordAttempt(dispatchOne(), failed(410, new Next.Gone()));
    accept(order("0"));
    store.tasks().settle(claimOne(), success());

    assertThat(dispatches()).isEmpty();
    assertThat(store.endpoints().endpoint(endpoint.id(), app).orElseThrow().standing())
        .isEqualTo(Standing.GONE);
    assertThat(states(endpoint)).containsExactly(DeliveryState.PENDING, DeliveryState.GONE);
    assertThat(types()).contains(EventType.ENDPOINT_DISABLED);
  }

  @Test
  void health_counts_the_receivers_failures_since_the_last_success_and_not_ours() {
    WebhookEndpoint endpoint = register(Set.of());
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    Instant first = clock.instant().plus(Duration.ofMillis(3));
    store
        .deliveries()
        .recordAttempt(dispatchOne(), failed(500, new Next.Retry(clock.instant(), true)));
    store
        .deliveries()
        .recordAttempt(dispatchOne(), failed(0, new Next.Retry(clock.instant(), false)));
    store
        .deliveries()
        .recordAttempt(dispatchOne(), failed(500, new Next.Retry(clock.instant(), true)));
    assertThat(health(endpoint)).isEqualTo(new Health(Optional.of(first), 2, Optional.empty()));

    clock.move(LATER);
    Dispatch fourth = dispatchOne();
    assertThat(fourth.attempt()).isEqualTo(4);
    assertThat(fourth.tries().failures()).isEqualTo(2);
    store.deliveries().recordAttempt(fourth, receipt(new Next.Delivered()));

    assertThat(health(endpoint).failingSince()).isEmpty();
    assertThat(health(endpoint).failures()).isZero();
    assertThat(health(endpoint).succeededAt()).isPresent();
  }

  @Test
  void a_new_url_holds_for_all_later_attempts() {
    WebhookEndpoint endpoint = register(Set.of());
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    store
        .deliveries()
        .recordAttempt(
            dispatchOne(), failed(500, new Next.Retry(clock.instant().plus(LATER), true)));
    var moved = new CallbackUrl("https://new.example/hook");
    change(
        endpoint,
        one ->
            new WebhookEndpoint(
                one.id(),
                one.application(),
                moved,
                one.events(),
                one.description(),
                one.headers(),
                one.asymmetric(),
                one.standing(),
                one.health(),
                one.createdAt()));
    clock.move(LATER);

    assertThat(dispatchOne().url()).isEqualTo(moved);
  }

  @Test
  void
      a_running_task_is_told_to_those_who_hear_of_it_and_newer_progress_takes_the_place_of_older() {
    WebhookEndpoint endpoint =
        register(EnumSet.of(EventType.TASK_STARTED, EventType.TASK_PROGRESSED));
    accept(order("0"));
    Claim claim = claimOne();
    store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 10));
    eventually(() -> states(endpoint).size() == 2);
    clock.move(LATER);
    store.tasks().noteRunning(claim, new TaskState.Running(clock.instant(), 50));
    eventually(() -> states(endpoint).size() == 3);

    assertThat(dispatches())
        .extracting(one -> one.event().type(), one -> one.event().progress())
        .containsExactlyInAnyOrder(
            tuple(EventType.TASK_STARTED, 0), tuple(EventType.TASK_PROGRESSED, 50));
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(2);
  }

  @Test
  void a_delivery_is_sent_again_in_a_new_round_and_its_attempts_are_kept() {
    end();
    Dispatch first = dispatchOne();
    store.deliveries().recordAttempt(first, receipt(new Next.Delivered()));
    clock.move(LATER);

    assertThat(store.deliveries().redeliver(first.id(), app, false)).isTrue();
    Dispatch again = dispatchOne();
    assertThat(again.webhookId()).isEqualTo(first.webhookId());
    assertThat(again.tries()).isEqualTo(new Dispatch.Tries(2, 0, clock.instant(), 0));
    store.deliveries().recordAttempt(again, failed(500, new Next.Exhausted()));
    assertThat(store.deliveries().redeliver(first.id(), app, true)).isTrue();
    Dispatch copy = dispatchOne();
    assertThat(copy.webhookId()).isEqualTo(first.webhookId() + "_1");
    store.deliveries().recordAttempt(copy, receipt(new Next.Delivered()));

    assertThat(store.deliveries().attempts(first.id(), app))
        .extracting(Delivery.Attempt::number)
        .containsExactly(1, 2, 3);
    assertThat(store.deliveries().pendingDeliveries()).isZero();
    assertThat(store.deliveries().redeliver(first.id(), new ApplicationId(ids.next()), false))
        .isFalse();
  }

  @Test
  void all_that_match_are_sent_again() {
    for (int i = 0; i < 300; i++) {
      end();
    }
    dispatchAll()
        .forEach(one -> store.deliveries().recordAttempt(one, failed(500, new Next.Exhausted())));
    var query =
        new DeliveryQuery(
            app,
            Optional.empty(),
            Optional.empty(),
            Optional.of(DeliveryState.EXHAUSTED),
            Optional.of(EventType.TASK_SUCCEEDED),
            Optional.of(START),
            Optional.of(clock.instant().plus(LATER)),
            Optional.empty(),
            1);

    assertThat(store.deliveries().redeliverAll(query, true)).isEqualTo(300);
    assertThat(dispatches()).isEmpty();
    assertThat(store.deliveries().redeliverAll(query, false)).isEqualTo(300);
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(300);
    assertThat(dispatchAll()).hasSize(300);
  }

  @Test
  void recovering_sends_what_was_missed_since_a_time_and_nothing_that_arrived() {
    end();
    clock.move(LATER);
    Instant since = clock.instant();
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    WebhookEndpoint endpoint = register(Set.of(EventType.TASK_SUCCEEDED));
    clock.move(LATER);
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    List<Dispatch> heard = dispatches().stream().filter(one -> one.endpoint().isPresent()).toList();
    store.deliveries().recordAttempt(heard.getFirst(), receipt(new Next.Delivered()));
    store.deliveries().recordAttempt(heard.getLast(), failed(500, new Next.Exhausted()));

    assertThat(store.deliveries().recover(endpoint.id(), app, since, true)).contains(2);
    assertThat(dispatches()).isEmpty();
    assertThat(store.deliveries().recover(endpoint.id(), app, since, false)).contains(2);
    List<Dispatch> sent = dispatches();

    assertThat(sent).hasSize(2).allMatch(one -> one.endpoint().isPresent());
    sent.forEach(one -> store.deliveries().recordAttempt(one, receipt(new Next.Delivered())));
    assertThat(store.deliveries().recover(endpoint.id(), app, since, false)).contains(0);
    assertThat(store.deliveries().recover(new EndpointId(ids.next()), app, since, false)).isEmpty();
  }

  @Test
  void deliveries_are_listed_newest_first_page_by_page() {
    WebhookEndpoint endpoint = register(Set.of());
    for (int i = 0; i < 5; i++) {
      end();
    }
    DeliveryQuery newest = DeliveryQuery.newest(app, 4);

    List<Delivery> first = store.deliveries().deliveries(newest);
    List<Delivery> second =
        store.deliveries().deliveries(newest.page(Optional.of(first.getLast().id()), 10));

    assertThat(first).hasSize(4);
    assertThat(second).hasSize(6);
    assertThat(new HashSet<>(first)).doesNotContainAnyElementsOf(second);
    assertThat(first.getFirst().endpoint()).contains(endpoint.id());
    assertThat(first.getFirst().event().type()).isEqualTo(EventType.TASK_SUCCEEDED);
    assertThat(store.deliveries().delivery(first.getFirst().id(), app)).contains(first.getFirst());
    assertThat(store.deliveries().delivery(first.getFirst().id(), new ApplicationId(ids.next())))
        .isEmpty();
  }

  @Test
  void a_rotated_secret_signs_with_the_old_one_until_the_overlap_ends() {
    var owner = new SigningSecret.Owner.OfApplication(app);
    SigningSecret first = secret(1);
    assertThat(store.endpoints().secrets(owner, clock.instant(), () -> List.of(first)))
        .containsExactly(first);
    clock.move(LATER);
    SigningSecret second = secret(2);
    store.endpoints().rotate(owner, second, clock.instant().plus(LATER));

    crash();

    assertThat(texts(owner)).containsExactly(second.text(), first.text());
    clock.move(LATER);
    assertThat(texts(owner)).containsExactly(second.text());
  }

  @Test
  void at_most_two_old_secrets_of_a_kind_are_kept() {
    var owner = new SigningSecret.Owner.OfApplication(app);
    for (int i = 0; i < 5; i++) {
      clock.move(Duration.ofSeconds(1));
      store.endpoints().rotate(owner, secret(i), clock.instant().plus(Duration.ofDays(7)));
    }

    assertThat(texts(owner)).containsExactly(secret(4).text(), secret(3).text(), secret(2).text());
  }

  private List<String> texts(SigningSecret.Owner owner) {
    return store.endpoints().secrets(owner, clock.instant(), List::of).stream()
        .map(SigningSecret::text)
        .toList();
  }

  private WebhookEndpoint register(Set<EventType> events) {
    WebhookEndpoint endpoint = endpoint(events);
    assertThat(store.endpoints().createEndpoint(endpoint, secret(0), 10)).isTrue();
    return endpoint;
  }

  private WebhookEndpoint endpoint(Set<EventType> events) {
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

  private SigningSecret secret(int number) {
    return new SigningSecret(Kind.HMAC, "whsec_" + number, clock.instant(), Optional.empty());
  }

  private void stand(WebhookEndpoint endpoint, Standing standing) {
    change(endpoint, one -> one.in(standing));
  }

  private void change(WebhookEndpoint endpoint, UnaryOperator<WebhookEndpoint> change) {
    assertThat(store.endpoints().changeEndpoint(endpoint.id(), app, clock.instant(), change))
        .isPresent();
  }

  private Health health(WebhookEndpoint endpoint) {
    return store.endpoints().endpoint(endpoint.id(), app).orElseThrow().health();
  }

  private List<DeliveryState> states(WebhookEndpoint endpoint) {
    return store.deliveries().deliveries(DeliveryQuery.newest(app, 100)).stream()
        .filter(one -> one.endpoint().equals(Optional.of(endpoint.id())))
        .map(Delivery::state)
        .toList();
  }

  private List<EventType> types() {
    return store.feed().feed(app, 0, 100).stream()
        .map(item ->
            switch (item) {
              case FeedItem.OfTask(var event, _) -> event.type();
              case FeedItem.OfEndpoint endpoint -> endpoint.type();
            })
        .toList();
  }

  private Set<Dispatch> dispatchAll() {
    var all = new HashSet<Dispatch>();
    for (List<Dispatch> some = dispatches(); !some.isEmpty(); some = dispatches()) {
      all.addAll(some);
    }
    return all;
  }

  private Receipt failed(int status, Next next) {
    return new Receipt(
        clock.instant(), Duration.ofMillis(3), status, Optional.of("http_" + status), "oh", next);
  }
}
