package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Receivers of which some are dead or hang, and a courier with few seats.
final class IsolationTest {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration ENDLESS = Duration.ofMinutes(5);

  private final Receiver healthy = Receiver.start();
  private final Receiver bad = Receiver.start();
  private final QueueStore store = new QueueStore();
  private final HandClock clock = new HandClock(Tasks.END);
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<Courier> couriers = new ArrayList<>();

  @AfterEach
  void close() {
    couriers.forEach(Courier::close);
    healthy.close();
    bad.close();
  }

  @Test
  void fifty_healthy_receivers_get_everything_while_one_hangs() {
    bad.on("/", new Reaction.Hang());
    add(bad, "hanging.example.com", 200);
    List<Dispatch> wanted = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      wanted.addAll(add(healthy, "h" + i + ".example.com", 20));
    }

    courier(new DeliveryConfig.Seats(8, 8, 4, 4, PAUSE), System::nanoTime).start();

    Await.until("all healthy ones are done", LIMIT, () -> allDelivered(wanted));
    assertThat(bad.count()).isLessThanOrEqualTo(4);
    assertThat(healthy.count()).isEqualTo(1000);
  }

  @Test
  void as_many_hanging_receivers_as_there_are_quick_seats_leave_them_after_a_second() {
    bad.on("/", new Reaction.Hang());
    for (int i = 0; i < 8; i++) {
      add(bad, "hanging" + i + ".example.com", 4);
    }
    Courier courier = courier(new DeliveryConfig.Seats(8, 32, 1, 64, PAUSE), System::nanoTime);
    courier.start();
    Await.until("the slow seats are taken", LIMIT, () -> courier.slowInFlight() == 8);

    List<Dispatch> wanted = add(healthy, "healthy.example.com", 100);

    Await.until("the healthy one is done", LIMIT, () -> allDelivered(wanted));
    assertThat(courier.slowInFlight()).isEqualTo(8);
  }

  @Test
  void a_dead_receiver_costs_five_attempts_and_then_one_probe_at_a_time() {
    bad.statuses("/", 503);
    List<Dispatch> waiting = add(bad, "dead.example.com", 100);
    Courier courier = courier(new DeliveryConfig.Seats(64, 64, 1, 64, PAUSE), nanos::get);
    courier.start();
    Await.until("the circuit is open", LIMIT, () -> courier.openCircuits() == 1);
    add(healthy, "healthy.example.com", 1).forEach(one -> store.awaitRows(one, 1, LIMIT));
    assertThat(bad.count()).isEqualTo(5);
    Await.until("five rows", LIMIT, () -> store.rows().size() == 6);

    pass(Duration.ofSeconds(34));
    Await.until("a probe came", LIMIT, () -> bad.count() == 6);
    add(healthy, "healthy.example.com", 1).forEach(one -> store.awaitRows(one, 1, LIMIT));
    assertThat(bad.count()).isEqualTo(6);

    bad.statuses("/", 200);
    pass(Duration.ofSeconds(67));
    Await.until("all are delivered", LIMIT, () -> allDelivered(waiting));
    assertThat(courier.openCircuits()).isZero();
    assertThat(heard)
        .containsExactly("opened http://dead.example.com", "closed http://dead.example.com");
  }

  @Test
  void retry_after_of_one_answer_holds_what_else_goes_there() {
    bad.on("/", Reaction.status(429, "Retry-After", "120"), Reaction.status(200));
    List<Dispatch> waiting = add(bad, "busy.example.com", 3);
    courier(new DeliveryConfig.Seats(64, 64, 1, 64, PAUSE), nanos::get).start();
    Receipt first = store.awaitRows(waiting.getFirst(), 1, LIMIT).getFirst();
    assertThat(first.next())
        .isInstanceOfSatisfying(Next.Retry.class, next -> assertThat(next.counted()).isFalse());
    pass(Duration.ofSeconds(119));
    add(healthy, "healthy.example.com", 1).forEach(one -> store.awaitRows(one, 1, LIMIT));
    assertThat(bad.count()).isEqualTo(1);

    pass(Duration.ofSeconds(1));

    Await.until("all are delivered", LIMIT, () -> allDelivered(waiting));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private boolean allDelivered(List<Dispatch> wanted) {
    var delivered =
        store.rows().stream()
            .filter(row -> row.receipt().next() instanceof Next.Delivered)
            .map(row -> row.dispatch().id())
            .toList();
    return delivered.containsAll(wanted.stream().map(Dispatch::id).toList());
  }

  private List<Dispatch> add(Receiver receiver, String host, int count) {
    List<Dispatch> added =
        IntStream.range(0, count)
            .mapToObj(_ -> Tasks.dispatch("http://" + host + ":" + receiver.port() + "/"))
            .toList();
    added.forEach(store::add);
    return added;
  }

  private Courier courier(DeliveryConfig.Seats seats, LongSupplier time) {
    var timeouts = new DeliveryConfig.Timeouts(ENDLESS, LIMIT, LIMIT, Duration.ZERO);
    var config =
        DeliveryConfig.defaults()
            .with(new DeliveryConfig.Addresses(true, true))
            .with(timeouts)
            .with(seats);
    var parts =
        new Courier.Parts(
            store,
            new EndpointShelf(),
            _ -> false,
            clock,
            RandomGenerator.of("SecureRandom"),
            new Ear());
    var outside = Poster.Outside.of(_ -> List.of(InetAddress.getLoopbackAddress()));
    var courier = new Courier(config, parts, outside, time);
    couriers.add(courier);
    return courier;
  }

  private final class Ear implements CourierListener {
    @Override
    public void attempted(Dispatch dispatch, Receipt receipt) {}

    @Override
    public void circuitOpened(Destination destination) {
      heard.add("opened " + host(destination));
    }

    @Override
    public void circuitClosed(Destination destination) {
      heard.add("closed " + host(destination));
    }

    private static String host(Destination destination) {
      return destination.key().replaceFirst(":[0-9]+$", "");
    }
  }
}
