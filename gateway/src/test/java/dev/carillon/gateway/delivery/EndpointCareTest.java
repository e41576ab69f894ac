package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.gateway.domain.callback.SigningSecret.Owner;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Health;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What becomes of a registered endpoint by its answers, and its test event.
final class EndpointCareTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Receiver receiver = Receiver.start();
  private final QueueStore store = new QueueStore();
  private final EndpointShelf shelf = new EndpointShelf();
  private final HandClock clock = new HandClock(Tasks.END);
  private final List<Standing> heard = new CopyOnWriteArrayList<>();
  private final Courier courier = courier(true);

  @AfterEach
  void close() {
    courier.close();
    receiver.close();
  }

  @Test
  void an_endpoint_that_failed_for_five_days_and_twenty_times_is_switched_off() {
    receiver.statuses("/", 500);
    WebhookEndpoint endpoint = failing(Duration.ofDays(5), 19);

    attempt(endpoint);

    Await.until("it is off", LIMIT, () -> standing(endpoint) == Standing.FAILING);
    Await.until("it is told", LIMIT, () -> heard.equals(List.of(Standing.FAILING)));
  }

  @Test
  void neither_days_nor_failures_alone_switch_it_off() {
    receiver.statuses("/", 500);
    WebhookEndpoint tooFresh = failing(Duration.ofDays(5).minusSeconds(1), 1000);
    WebhookEndpoint tooFew = failing(Duration.ofDays(50), 18);

    attempt(tooFresh);
    attempt(tooFew);
    courierIsIdle();

    assertThat(standing(tooFresh)).isEqualTo(Standing.ACTIVE);
    assertThat(standing(tooFew)).isEqualTo(Standing.ACTIVE);
    assertThat(heard).isEmpty();
  }

  @Test
  void one_that_recovered_or_was_paused_meanwhile_is_left_alone() {
    receiver.statuses("/", 500);
    WebhookEndpoint recovered = failing(Duration.ofDays(6), 100);
    shelf.put(recovered.with(Health.UNKNOWN));
    WebhookEndpoint paused = failing(Duration.ofDays(6), 100);
    shelf.put(paused.in(Standing.PAUSED));

    attempt(recovered);
    attempt(paused);
    courierIsIdle();

    assertThat(standing(recovered)).isEqualTo(Standing.ACTIVE);
    assertThat(standing(paused)).isEqualTo(Standing.PAUSED);
    assertThat(heard).isEmpty();
  }

  @Test
  void gone_and_disable_end_the_delivery_and_are_told() {
    receiver.on("/", Reaction.status(410), Reaction.status(500, "webhook-delivery", "disable"));

    for (int i = 0; i < 2; i++) {
      WebhookEndpoint endpoint = shelf.put(Tasks.endpoint(receiver.url("/").toString()));
      assertThat(attempt(endpoint).next()).isEqualTo(new Next.Gone());
    }

    Await.until("told", LIMIT, () -> heard.equals(List.of(Standing.GONE, Standing.GONE)));
  }

  @Test
  void a_success_that_asks_to_be_the_last_is_a_success() {
    receiver.on("/", Reaction.status(200, "webhook-delivery", "disable"));
    WebhookEndpoint endpoint = shelf.put(Tasks.endpoint(receiver.url("/").toString()));

    assertThat(attempt(endpoint).next()).isEqualTo(new Next.Delivered());

    Await.until("it is off", LIMIT, () -> standing(endpoint) == Standing.GONE);
  }

  @Test
  void a_test_event_is_signed_and_tells_what_came_back() {
    receiver.on("/", new Reaction.Answer(418, Map.of(), "short and stout"));
    WebhookEndpoint endpoint =
        shelf.put(
            Tasks.endpoint(receiver.url("/").toString(), Map.of("X-Key", "k"), false)
                .in(Standing.PAUSED));

    TestCall.Result result = courier.testCall().send(endpoint);

    assertThat(result.status()).isEqualTo(418);
    assertThat(result.failure()).contains("http_4xx");
    assertThat(result.excerpt()).isEqualTo("short and stout");
    Received request = receiver.received().getFirst();
    String id = request.header("webhook-id").orElseThrow();
    assertThat(request.text()).isEqualTo(result.body()).contains(id, "\"endpoint.test\"");
    assertThat(request.header("x-key")).contains("k");
    assertThat(request.header("webhook-event-type")).contains(TestCall.TYPE);
    var secrets = shelf.secrets(new Owner.OfEndpoint(endpoint.id()), Tasks.END, List::of);
    assertThat(request.header("webhook-signature"))
        .contains(new Signer().sign(id, Tasks.END.getEpochSecond(), request.body(), secrets));
    assertThat(store.rows()).isEmpty();
  }

  @Test
  void a_test_event_goes_nowhere_that_a_callback_may_not_go() {
    try (Courier strict = courier(false)) {
      WebhookEndpoint inside = Tasks.endpoint(receiver.url("/").toString());
      WebhookEndpoint none = Tasks.endpoint("none");

      assertThat(strict.testCall().send(inside).failure()).contains("blocked_url");
      assertThat(strict.testCall().send(none).failure()).contains("blocked_url");
      assertThat(receiver.connections()).isZero();
    }
  }

  private WebhookEndpoint failing(Duration since, int failures) {
    var health = new Health(Optional.of(Tasks.END.minus(since)), failures, Optional.empty());
    return shelf.put(Tasks.endpoint(receiver.url("/").toString()).with(health));
  }

  private Receipt attempt(WebhookEndpoint endpoint) {
    Dispatch dispatch = Tasks.dispatch(endpoint);
    store.add(dispatch);
    courier.start();
    return store.awaitRows(dispatch, 1, LIMIT).getFirst();
  }

  private void courierIsIdle() {
    courier.close();
    assertThat(courier.inFlight()).isZero();
  }

  private Standing standing(WebhookEndpoint endpoint) {
    return shelf.endpoint(endpoint.id(), endpoint.application()).orElseThrow().standing();
  }

  private Courier courier(boolean allowPrivate) {
    var once = new DeliveryConfig.Retries(List.of(), Duration.ofDays(7));
    var config =
        DeliveryConfig.defaults().with(new DeliveryConfig.Addresses(true, allowPrivate)).with(once);
    var parts =
        new Courier.Parts(
            store, shelf, _ -> false, clock, RandomGenerator.of("SecureRandom"), new Ear());
    return new Courier(config, parts);
  }

  private final class Ear implements CourierListener {
    @Override
    public void attempted(Dispatch dispatch, Receipt receipt) {}

    @Override
    public void endpointDisabled(EndpointId endpoint, Standing standing) {
      heard.add(standing);
    }
  }
}
