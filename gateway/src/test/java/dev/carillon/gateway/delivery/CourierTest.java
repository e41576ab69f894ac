package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CourierTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final DeliveryConfig OPEN =
      DeliveryConfig.defaults()
          .with(new DeliveryConfig.Addresses(true, true))
          .with(
              new DeliveryConfig.Timeouts(
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(1),
                  Duration.ZERO));

  private final Receiver receiver = Receiver.start();
  private final QueueStore store = new QueueStore();
  private final EndpointShelf shelf = new EndpointShelf();
  private final HandClock clock = new HandClock(Tasks.END);
  private final List<Receipt> heard = new CopyOnWriteArrayList<>();
  private RandomGenerator random = RandomGenerator.of("SecureRandom");
  private LongSupplier nanos = System::nanoTime;
  private CourierListener listener = (_, receipt) -> heard.add(receipt);
  private final List<Courier> couriers = new ArrayList<>();

  @AfterEach
  void close() {
    couriers.forEach(Courier::close);
    receiver.close();
  }

  @Test
  void a_callback_is_delivered_and_one_row_stored() {
    Dispatch dispatch = send(OPEN, "/hook");

    Receipt receipt = store.awaitRows(dispatch, 1, LIMIT).getFirst();

    assertThat(receipt.next()).isEqualTo(new Next.Delivered());
    assertThat(receipt.status()).isEqualTo(200);
    assertThat(receipt.failure()).isEmpty();
    assertThat(receipt.startedAt()).isEqualTo(clock.instant());
    Await.until("the listener heard", LIMIT, () -> heard.equals(List.of(receipt)));
    Received request = receiver.received().getFirst();
    assertThat(request.body()).isEqualTo(CallbackBody.of(dispatch.task(), false));
    assertThat(request.header("webhook-id")).contains(dispatch.event().id());
    assertThat(request.header("webhook-delivery-id")).contains(dispatch.id().toString());
    assertThat(request.header("webhook-event-type")).contains("task.succeeded");
    assertThat(request.header("webhook-attempt")).contains("1");
  }

  @Test
  void every_attempt_has_the_same_bytes_and_id() {
    receiver.statuses("/hook", 500, 404, 302, 200);

    Dispatch dispatch = send(OPEN, "/hook");

    List<Receipt> receipts = store.awaitRows(dispatch, 4, LIMIT);
    assertThat(receipts).extracting(Receipt::status).containsExactly(500, 404, 302, 200);
    assertThat(receipts.getLast().next()).isEqualTo(new Next.Delivered());
    List<Received> requests = receiver.received();
    assertThat(requests).extracting(Received::text).containsOnly(requests.getFirst().text());
    assertThat(requests)
        .extracting(request -> request.header("webhook-id").orElseThrow())
        .containsOnly(dispatch.event().id());
    assertThat(requests)
        .extracting(request -> request.header("webhook-attempt").orElseThrow())
        .containsExactly("1", "2", "3", "4");
  }

  @Test
  void what_cannot_be_signed_as_its_secrets_cannot_be_read_is_neither_sent_nor_written() {
    shelf.lock();

    Dispatch dispatch = send(OPEN, "/hook");
    Await.until("it was tried", LIMIT, () -> shelf.refused() > 0);
    couriers.forEach(Courier::close);

    Await.until("it is due again", LIMIT, () -> store.pendingDeliveries() == 1);
    assertThat(store.rows()).isEmpty();
    assertThat(receiver.count()).isZero();
    assertThat(shelf.refused()).isEqualTo(1);
    assertThat(store.readAgain).containsExactly(dispatch);
  }

  @Test
  void what_finds_no_seat_goes_back_in_its_order() {
    List<Dispatch> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Dispatch dispatch = Tasks.dispatch(receiver.url("/hook").toString());
      all.add(dispatch);
      store.add(dispatch);
    }

    courier(OPEN.with(new DeliveryConfig.Seats(8, 8, 4, 1, Duration.ofSeconds(5)))).start();

    Await.until("all are sent", LIMIT, () -> receiver.count() == all.size());
    assertThat(receiver.received())
        .extracting(request -> request.header("webhook-delivery-id").orElseThrow())
        .containsExactlyElementsOf(all.stream().map(one -> one.id().toString()).toList());
  }

  @Test
  void an_attempt_that_cannot_be_planned_on_is_given_back() {
    receiver.statuses("/hook", 500);
    var broken = new AtomicBoolean();
    random =
        () -> {
          broken.set(true);
          throw new IllegalStateException("no randomness");
        };

    Dispatch dispatch = send(OPEN, "/hook");
    Await.until("it broke", LIMIT, broken::get);
    couriers.forEach(Courier::close);

    Await.until("it is given back", LIMIT, () -> store.readAgain.contains(dispatch));
    assertThat(couriers.getFirst().inFlight()).isZero();
    assertThat(store.rows()).isEmpty();
  }

  @Test
  void one_that_breaks_while_it_gets_its_seat_is_given_back_and_costs_the_others_nothing() {
    var broken = new AtomicBoolean();
    nanos =
        () -> {
          if (isTakingASeat() && broken.compareAndSet(false, true)) {
            throw new IllegalStateException("no time");
          }
          return System.nanoTime();
        };
    Dispatch first = Tasks.dispatch(receiver.url("/hook").toString());
    Dispatch second = Tasks.dispatch(receiver.url("/hook").toString());
    List.of(first, second).forEach(store::add);

    courier(OPEN).start();

    assertThat(store.awaitRows(second, 1, LIMIT)).hasSize(1);
    couriers.forEach(Courier::close);
    Await.until("the first is given back", LIMIT, () -> store.readAgain.contains(first));
    assertThat(store.readAgain).containsExactly(first);
    assertThat(couriers.getFirst().inFlight()).isZero();
  }

  private static boolean isTakingASeat() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames.anyMatch(frame ->
                frame.getMethodName().equals("take")
                    && frame.getClassName().equals(Seats.class.getName())));
  }

  @Test
  void what_is_recorded_is_not_given_back_whatever_breaks_afterwards() {
    listener =
        (_, _) -> {
          throw new IllegalStateException("cannot listen");
        };

    Dispatch dispatch = send(OPEN, "/hook");

    assertThat(store.awaitRows(dispatch, 1, LIMIT)).hasSize(1);
    couriers.forEach(Courier::close);
    assertThat(store.readAgain).isEmpty();
    assertThat(receiver.count()).isEqualTo(1);
  }

  @Test
  void a_dead_receiver_gets_all_attempts_of_the_plan_and_no_more() {
    receiver.statuses("/hook", 500);
    var three =
        new DeliveryConfig.Retries(
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5)), Duration.ofDays(7));

    Dispatch dispatch = send(OPEN.with(three), "/hook");

    List<Receipt> receipts = store.awaitRows(dispatch, 3, LIMIT);
    assertThat(receipts.getLast().next()).isEqualTo(new Next.Exhausted());
    assertThat(receiver.count()).isEqualTo(3);
    assertThat(((Next.Retry) receipts.get(1).next()).at())
        .isBetween(clock.instant().plusSeconds(5), clock.instant().plusSeconds(6));
  }

  @Test
  void what_waited_longer_than_its_deadline_for_its_endpoint_is_tried_more_than_once() {
    receiver.statuses("/hook", 500, 200);
    Dispatch held = Tasks.dispatch(Tasks.endpoint(receiver.url("/hook").toString()));
    clock.advance(Duration.ofDays(20));
    store.add(held);
    courier(OPEN).start();

    List<Receipt> receipts = store.awaitRows(held, 2, LIMIT);

    assertThat(receipts.getLast().next()).isEqualTo(new Next.Delivered());
  }

  @Test
  void a_receiver_that_says_gone_is_left_alone() {
    receiver.statuses("/hook", 410);

    Dispatch dispatch = send(OPEN, "/hook");

    assertThat(store.awaitRows(dispatch, 1, LIMIT).getFirst().next()).isEqualTo(new Next.Gone());
  }

  @Test
  void a_url_that_is_none_and_a_private_address_are_blocked_and_never_connected_to() {
    Courier courier = courier(OPEN.with(new DeliveryConfig.Addresses(true, false)));
    Dispatch dummy = Tasks.dispatch("dummy");
    Dispatch literal = Tasks.dispatch(receiver.url("/hook").toString());
    Dispatch name = Tasks.dispatch("http://hooks.example.com:" + receiver.port() + "/hook");
    List.of(dummy, literal, name).forEach(store::add);
    courier.start();

    assertBlocked(dummy, "blocked_url");
    assertBlocked(literal, "blocked_url");
    assertBlocked(name, "blocked_address");
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void what_failed_by_our_fault_is_not_charged_to_the_receiver() {
    receiver.statuses("/hook", 500, 200);
    Dispatch second =
        Tasks.dispatch(receiver.url("/hook").toString(), new Dispatch.Tries(9, 0, Tasks.END, 0));
    store.add(second);
    courier(OPEN).start();

    Receipt receipt = store.awaitRows(second, 1, LIMIT).getFirst();

    assertThat(((Next.Retry) receipt.next()).at())
        .isBetween(clock.instant().plusSeconds(1), clock.instant().plusSeconds(2));
  }

  @Test
  void a_store_that_refuses_for_a_while_gets_the_row_later_without_another_request() {
    store.refuse.set(3);

    Dispatch dispatch = send(OPEN, "/hook");

    assertThat(store.awaitRows(dispatch, 1, LIMIT)).hasSize(1);
    assertThat(receiver.count()).isEqualTo(1);
  }

  @Test
  void an_attempt_cut_off_by_closing_is_not_stored() throws InterruptedException {
    receiver.on("/hook", new Reaction.Hang());
    send(OPEN, "/hook");
    receiver.await(1, LIMIT);

    couriers.getFirst().close();
    couriers.getFirst().close();

    assertThat(store.rows()).isEmpty();
    assertThat(couriers.getFirst().inFlight()).isZero();
  }

  @Test
  void closing_without_starting_is_harmless() {
    Courier courier = courier(OPEN);

    courier.close();
    courier.start();

    assertThat(courier.inFlight()).isZero();
  }

  private void assertBlocked(Dispatch dispatch, String failure) {
    Receipt receipt = store.awaitRows(dispatch, 1, LIMIT).getFirst();
    assertThat(receipt.next()).isEqualTo(new Next.Blocked());
    assertThat(receipt.failure()).contains(failure);
    assertThat(receipt.status()).isZero();
  }

  private Dispatch send(DeliveryConfig config, String path) {
    Dispatch dispatch = Tasks.dispatch(receiver.url(path).toString());
    store.add(dispatch);
    courier(config).start();
    return dispatch;
  }

  private Courier courier(DeliveryConfig config) {
    var parts = new Courier.Parts(store, shelf, _ -> false, clock, random, listener);
    GuardedDns.Resolver resolver = _ -> List.of(InetAddress.getLoopbackAddress());
    var courier = new Courier(config, parts, Poster.Outside.of(resolver), nanos);
    couriers.add(courier);
    return courier;
  }
}
