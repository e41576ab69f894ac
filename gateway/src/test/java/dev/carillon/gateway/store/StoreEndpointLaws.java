package dev.carillon.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The laws of registered endpoints and their secrets.
abstract class StoreEndpointLaws extends StoreEndpointStand {
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
    move(endpoint, moved);
    clock.move(LATER);

    assertThat(dispatchOne().url()).isEqualTo(moved);
  }

  @Test
  void what_waits_in_memory_goes_to_a_new_url() throws InterruptedException {
    WebhookEndpoint endpoint = register(Set.of());
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    assertThat(store.deliveries().claimDeliveries(_ -> 0, 1, Duration.ZERO)).isEmpty();

    var moved = new CallbackUrl("https://new.example/hook");
    move(endpoint, moved);
    store.deliveries().reopen(endpoint.destination());

    assertThat(dispatchOne().url()).isEqualTo(moved);
  }

  @Test
  void what_is_put_back_after_its_endpoint_moved_goes_to_the_new_url() {
    WebhookEndpoint endpoint = register(Set.of());
    accept(order("0"));
    store.tasks().settle(claimOne(), success());
    Dispatch before = dispatchOne();

    var moved = new CallbackUrl("https://new.example/hook");
    move(endpoint, moved);
    store.deliveries().putBack(before);

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

  @Test
  void texts_of_secrets_are_rewritten_page_by_page_but_for_those_that_need_it_not() {
    var one = new SigningSecret.Owner.OfApplication(app);
    var other = new SigningSecret.Owner.OfApplication(new ApplicationId(ids.next()));
    store.endpoints().secrets(one, clock.instant(), () -> List.of(secret(1)));
    store.endpoints().secrets(other, clock.instant(), () -> List.of(secret(2)));

    EndpointStore.Rewriting rewriting = (owner, text) -> "new:" + owner + ":" + text;
    assertThat(store.endpoints().rewriteSecrets("new:", 1, rewriting)).isEqualTo(1);
    assertThat(store.endpoints().rewriteSecrets("new:", 10, rewriting)).isEqualTo(1);
    assertThat(store.endpoints().rewriteSecrets("new:", 10, rewriting)).isZero();

    assertThat(texts(one)).containsExactly("new:" + app + ":whsec_1");
    assertThat(texts(other)).containsExactly("new:" + other.value() + ":whsec_2");
  }

  @Test
  void a_value_of_the_instance_changes_only_where_it_is_as_expected() {
    byte[] first = {1};
    byte[] second = {2};
    store.access().secret("some", () -> first);

    assertThat(store.access().changeSecret("some", second, first)).isFalse();
    assertThat(store.access().changeSecret("other", first, second)).isFalse();
    assertThat(store.access().changeSecret("some", first, second)).isTrue();

    assertThat(store.access().secret("some", () -> first)).isEqualTo(second);
  }
}
