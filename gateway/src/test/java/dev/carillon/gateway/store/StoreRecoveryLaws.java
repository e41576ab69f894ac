package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.Recovery;
import dev.carillon.gateway.domain.callback.RecoveryId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.gateway.store.RecoveryStore.Missed;
import dev.carillon.gateway.store.RecoveryStore.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The laws of sending an endpoint what it missed, and of what the feed keeps of endpoints.
abstract class StoreRecoveryLaws extends StoreEndpointStand {
  private static final Duration HOLD = Duration.ofSeconds(30);
  private static final int MOST = 3;

  private Optional<Recovery> begin(EndpointId endpoint, ApplicationId application, Instant since) {
    return store
        .recoveries()
        .begin(new Wanted(new RecoveryId(ids.next()), endpoint, application, since), MOST);
  }

  private Recovery recover(WebhookEndpoint endpoint, Instant since) {
    Recovery now = begin(endpoint.id(), app, since).orElseThrow();
    while (!now.isDone()) {
      now = store.recoveries().goOn(now, HOLD);
    }
    return now;
  }

  private Optional<Missed> missed(EndpointId endpoint, Instant since) {
    return store.recoveries().missed(endpoint, app, since, 10_000);
  }

  private void succeed() {
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
  }

  @Test
  void recovering_sends_what_was_missed_since_a_time_and_nothing_that_arrived() {
    end();
    clock.move(LATER);
    Instant since = clock.instant();
    succeed();
    WebhookEndpoint endpoint = register(Set.of(EventType.TASK_SUCCEEDED));
    clock.move(LATER);
    succeed();
    succeed();
    List<Dispatch> heard = dispatches().stream().filter(one -> one.endpoint().isPresent()).toList();
    store.deliveries().recordAttempt(heard.getFirst(), receipt(new Next.Delivered()));
    store.deliveries().recordAttempt(heard.getLast(), failed(500, new Next.Exhausted()));

    assertThat(missed(endpoint.id(), since)).contains(new Missed(2, true));
    assertThat(dispatches()).isEmpty();
    Recovery done = recover(endpoint, since);
    List<Dispatch> sent = dispatches();

    assertThat(done.count()).isEqualTo(2);
    assertThat(done.endedAt()).contains(clock.instant());
    assertThat(store.recoveries().recovery(done.id(), app)).contains(done);
    assertThat(sent).hasSize(2).allMatch(one -> one.endpoint().isPresent());
    sent.forEach(one -> store.deliveries().recordAttempt(one, receipt(new Next.Delivered())));
    assertThat(recover(endpoint, since).count()).isZero();
  }

  @Test
  void one_that_is_put_off_is_due_after_the_pause_and_as_it_was() {
    WebhookEndpoint endpoint = register(Set.of());
    Recovery begun = begin(endpoint.id(), app, clock.instant()).orElseThrow();

    store.recoveries().putOff(begun, HOLD);
    assertThat(store.recoveries().due(10)).isEmpty();
    clock.move(HOLD);
    assertThat(store.recoveries().due(10)).containsExactly(begun);

    Recovery done = store.recoveries().goOn(begun, HOLD);
    store.recoveries().putOff(done, Duration.ZERO);
    assertThat(done.isDone()).isTrue();
    assertThat(store.recoveries().due(10)).isEmpty();
  }

  @Test
  void what_belongs_to_another_application_is_not_there() {
    var stranger = new ApplicationId(ids.next());
    WebhookEndpoint endpoint = register(Set.of());
    Recovery mine = recover(endpoint, START);

    assertThat(begin(endpoint.id(), stranger, START)).isEmpty();
    assertThat(begin(new EndpointId(ids.next()), app, START)).isEmpty();
    assertThat(missed(new EndpointId(ids.next()), START)).isEmpty();
    assertThat(store.recoveries().recovery(mine.id(), stranger)).isEmpty();
  }

  private WebhookEndpoint missingMuch() {
    for (int i = 0; i < 450; i++) {
      succeed();
    }
    return register(Set.of(EventType.TASK_SUCCEEDED));
  }

  @Test
  void a_large_one_goes_page_by_page_and_from_where_it_was_after_a_crash() {
    WebhookEndpoint endpoint = missingMuch();
    Recovery begun = begin(endpoint.id(), app, START).orElseThrow();
    Recovery first = store.recoveries().goOn(begun, HOLD);
    assertThat(first.isDone()).isFalse();
    assertThat(first.count()).isPositive().isLessThan(450);
    assertThat(store.recoveries().due(10)).isEmpty();

    crash();
    clock.move(HOLD);

    Recovery left = store.recoveries().due(10).getFirst();
    assertThat(left).isEqualTo(first);
    while (!left.isDone()) {
      left = store.recoveries().goOn(left, HOLD);
    }
    assertThat(left.count()).isEqualTo(450);
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(450);
    assertThat(store.recoveries().due(10)).isEmpty();
  }

  @Test
  void a_page_that_somebody_else_did_meanwhile_is_not_done_twice() {
    WebhookEndpoint endpoint = missingMuch();
    Recovery begun = begin(endpoint.id(), app, START).orElseThrow();
    Recovery first = store.recoveries().goOn(begun, HOLD);

    Recovery other = store.recoveries().goOn(begun, HOLD);

    assertThat(other.count())
        .isIn(first.count(), store.recoveries().recovery(begun.id(), app).orElseThrow().count());
    while (!other.isDone()) {
      other = store.recoveries().goOn(other, HOLD);
    }
    assertThat(other.count()).isEqualTo(450);
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(450);
  }

  @Test
  void what_comes_after_it_was_asked_for_is_none_of_it() {
    succeed();
    WebhookEndpoint endpoint = register(Set.of(EventType.TASK_STARTED));
    Recovery begun = begin(endpoint.id(), app, START).orElseThrow();
    change(endpoint, one -> endpoint(Set.of(EventType.TASK_SUCCEEDED), one));
    succeed();
    dispatchAll();

    Recovery done = begun;
    while (!done.isDone()) {
      done = store.recoveries().goOn(done, HOLD);
    }

    assertThat(done.count()).isEqualTo(1);
  }

  private static WebhookEndpoint endpoint(Set<EventType> events, WebhookEndpoint like) {
    return new WebhookEndpoint(
        like.id(),
        like.application(),
        like.url(),
        events,
        like.description(),
        like.headers(),
        like.asymmetric(),
        like.standing(),
        like.health(),
        like.createdAt());
  }

  @Test
  void it_ends_with_its_endpoint() {
    WebhookEndpoint endpoint = missingMuch();
    Recovery begun = begin(endpoint.id(), app, START).orElseThrow();
    store.endpoints().deleteEndpoint(endpoint.id(), app);

    Recovery after = store.recoveries().goOn(begun, HOLD);

    assertThat(after.isDone()).isTrue();
    assertThat(after.count()).isZero();
    assertThat(store.deliveries().pendingDeliveries()).isZero();
  }

  @Test
  void an_application_has_no_more_under_way_than_it_may_and_ended_ones_are_forgotten() {
    WebhookEndpoint endpoint = register(Set.of());
    for (int i = 0; i < MOST; i++) {
      assertThat(begin(endpoint.id(), app, START)).isPresent();
    }
    assertThat(begin(endpoint.id(), app, START)).isEmpty();

    Recovery ended = store.recoveries().goOn(store.recoveries().due(1).getFirst(), HOLD);
    assertThat(ended.isDone()).isTrue();
    assertThat(begin(endpoint.id(), app, START)).isPresent();
    assertThat(store.recoveries().forget(clock.instant(), 10)).isZero();
    clock.move(LATER);
    assertThat(store.recoveries().forget(clock.instant(), 10)).isEqualTo(1);
    assertThat(store.recoveries().recovery(ended.id(), app)).isEmpty();
  }

  @Test
  void what_the_feed_tells_of_endpoints_is_forgotten_when_it_is_old() {
    WebhookEndpoint endpoint = register(Set.of());
    stand(endpoint, Standing.PAUSED);
    clock.move(LATER);
    Instant later = clock.instant();
    stand(endpoint, Standing.ACTIVE);
    assertThat(types()).containsExactly(EventType.ENDPOINT_DISABLED, EventType.ENDPOINT_ENABLED);

    assertThat(store.feed().forgetEndpointEvents(later, 10)).isEqualTo(1);

    assertThat(types()).containsExactly(EventType.ENDPOINT_ENABLED);
    assertThat(store.feed().forgetEndpointEvents(later, 10)).isZero();
  }
}
