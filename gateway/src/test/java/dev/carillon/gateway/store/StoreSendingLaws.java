package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Delivery;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.DeliveryStore.DeliveryQuery;
import dev.carillon.gateway.store.DeliveryStore.Redelivered;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The laws of the queues of destinations, and of sending again.
abstract class StoreSendingLaws extends StoreEndpointStand {
  private static final Comparator<DeliveryId> NEWEST_FIRST =
      Comparator.comparing(DeliveryId::toString).reversed();

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
  void what_is_to_be_read_again_comes_as_it_stands_then() {
    WebhookEndpoint endpoint = register(Set.of());
    accept(order(app, "midjourney", "imagine", "0", Optional.empty()));
    store.tasks().settle(claimOne(), success());
    Dispatch first = dispatchOne();
    var moved = new CallbackUrl("https://endpoint.example/moved");
    move(endpoint, moved);

    store.deliveries().readAgain(first);

    Dispatch again = dispatchOne();
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.url()).isEqualTo(moved);
    assertThat(store.endpoints().deleteEndpoint(endpoint.id(), app)).isTrue();
    store.deliveries().readAgain(again);
    assertThat(dispatches()).isEmpty();
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
            280);

    assertThat(store.deliveries().redeliverAll(query, true).count()).isEqualTo(300);
    assertThat(dispatches()).isEmpty();
    Redelivered newest = store.deliveries().redeliverAll(query, false);
    assertThat(newest.count()).isEqualTo(280);
    assertThat(newest.rest()).isPresent();
    Redelivered rest = store.deliveries().redeliverAll(query.page(newest.rest(), 280), false);
    assertThat(rest).isEqualTo(new Redelivered(20, Optional.empty()));
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(300);
    assertThat(dispatchAll()).hasSize(300);
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
  void a_copy_that_was_asked_for_during_an_attempt_is_sent_though_that_arrived() {
    end();
    Dispatch first = dispatchOne();

    assertThat(store.deliveries().redeliver(first.id(), app, true)).isTrue();
    store.deliveries().recordAttempt(first, receipt(new Next.Delivered()));

    assertThat(state(first)).isEqualTo(DeliveryState.PENDING);
    assertThat(store.deliveries().pendingDeliveries()).isEqualTo(1);
    Dispatch copy = dispatchOne();
    assertThat(copy.webhookId()).isEqualTo(first.webhookId() + "_1");
    assertThat(copy.attempt()).isEqualTo(2);
    store.deliveries().recordAttempt(copy, receipt(new Next.Delivered()));
    assertThat(state(first)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(store.deliveries().pendingDeliveries()).isZero();
    assertThat(store.deliveries().attempts(first.id(), app))
        .extracting(Delivery.Attempt::number, one -> one.receipt().next())
        .containsExactly(tuple(1, new Next.Delivered()), tuple(2, new Next.Delivered()));
  }

  @Test
  void what_is_sent_again_during_its_last_attempt_begins_a_new_round_though_that_failed() {
    end();
    Dispatch first = dispatchOne();
    clock.move(LATER);

    assertThat(store.deliveries().redeliver(first.id(), app, false)).isTrue();
    store.deliveries().recordAttempt(first, failed(500, new Next.Exhausted()));

    assertThat(state(first)).isEqualTo(DeliveryState.PENDING);
    assertThat(dispatchOne().tries()).isEqualTo(new Dispatch.Tries(2, 0, clock.instant(), 0));
  }

  @Test
  void what_is_sent_again_under_the_same_id_is_delivered_by_the_attempt_under_way() {
    end();
    Dispatch first = dispatchOne();
    clock.move(LATER);

    assertThat(store.deliveries().redeliver(first.id(), app, false)).isTrue();
    store.deliveries().recordAttempt(first, receipt(new Next.Delivered()));

    assertThat(state(first)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(store.deliveries().pendingDeliveries()).isZero();
    assertThat(dispatches()).isEmpty();
  }

  private DeliveryState state(Dispatch dispatch) {
    return store.deliveries().delivery(dispatch.id(), app).orElseThrow().state();
  }

  @Test
  void each_state_lists_its_own_and_what_changes_its_state_changes_its_list() {
    WebhookEndpoint endpoint = register(Set.of());
    for (int i = 0; i < 3; i++) {
      accept(orderWithCallback());
      store.tasks().settle(claimOne(), success());
    }
    List<Dispatch> own = dispatchAll().stream().filter(one -> one.endpoint().isEmpty()).toList();
    store.deliveries().recordAttempt(own.get(0), receipt(new Next.Delivered()));
    store.deliveries().recordAttempt(own.get(1), failed(500, new Next.Exhausted()));
    store.deliveries().recordAttempt(own.get(2), failed(0, new Next.Blocked()));

    assertThat(ids(DeliveryState.DELIVERED)).containsExactly(own.get(0).id());
    assertThat(ids(DeliveryState.EXHAUSTED)).containsExactly(own.get(1).id());
    assertThat(ids(DeliveryState.BLOCKED)).containsExactly(own.get(2).id());
    assertThat(ids(DeliveryState.PENDING)).hasSize(3).isSortedAccordingTo(NEWEST_FIRST);

    assertThat(store.deliveries().redeliver(own.get(1).id(), app, false)).isTrue();
    assertThat(ids(DeliveryState.EXHAUSTED)).isEmpty();
    assertThat(ids(DeliveryState.PENDING)).hasSize(4).contains(own.get(1).id());

    assertThat(store.endpoints().deleteEndpoint(endpoint.id(), app)).isTrue();
    assertThat(ids(DeliveryState.DROPPED)).hasSize(3).isSortedAccordingTo(NEWEST_FIRST);
    assertThat(ids(DeliveryState.PENDING)).containsExactly(own.get(1).id());
  }

  private List<DeliveryId> ids(DeliveryState state) {
    var query =
        new DeliveryQuery(
            app,
            Optional.empty(),
            Optional.empty(),
            Optional.of(state),
            Optional.empty(),
            Optional.of(START),
            Optional.of(clock.instant().plus(LATER)),
            Optional.empty(),
            10);
    return store.deliveries().deliveries(query).stream().map(Delivery::id).toList();
  }
}
