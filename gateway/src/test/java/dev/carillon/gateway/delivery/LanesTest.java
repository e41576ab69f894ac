package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class LanesTest {
  private static final Duration QUICK = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofSeconds(10);

  @Test
  void destinations_are_taken_from_in_turn() throws InterruptedException {
    var lanes = new Lanes(new DeliveryConfig.LaneLimits(100, 10, 100, 1000));
    for (String host : List.of("a", "a", "a", "b", "c")) {
      assertThat(offer(lanes, entry(host))).isEmpty();
    }

    assertThat(hosts(take(lanes, 5))).containsExactly("a", "b", "c", "a", "a");
  }

  @Test
  void a_destination_has_its_own_bound_and_all_have_one_together() throws InterruptedException {
    var lanes = new Lanes(new DeliveryConfig.LaneLimits(3, 2, 100, 1000));
    for (String host : List.of("a", "a", "a", "b", "b")) {
      assertThat(offer(lanes, entry(host))).isEmpty();
    }

    List<Lanes.Entry> taken = take(lanes, 3);
    assertThat(hosts(taken)).containsExactly("a", "b", "a");
    assertThat(lanes.next()).isEmpty();
    assertThat(lanes.inFlight()).isEqualTo(3);

    lanes.sent(taken.getFirst(), QUICK);
    assertThat(lanes.next()).isEmpty();
    lanes.stored();
    assertThat(hosts(take(lanes, 1))).containsExactly("b");
    assertThat(lanes.waiting()).isEqualTo(1);
  }

  @Test
  void a_lane_that_stands_still_turns_more_away_and_leaves_room_for_others()
      throws InterruptedException {
    var lanes = new Lanes(new DeliveryConfig.LaneLimits(100, 2, 100, 12));
    int taken = fill(lanes, "dead");
    int second = fill(lanes, "dead-too");

    assertThat(taken).isEqualTo(6);
    assertThat(second).isEqualTo(3);
    assertThat(offer(lanes, entry("healthy"))).isEmpty();
    assertThat(lanes.awaitRoom()).isPositive();
  }

  @Test
  void a_slow_lane_says_how_long_it_will_take() throws InterruptedException {
    var lanes = new Lanes(new DeliveryConfig.LaneLimits(100, 1, 20, 1000));
    offer(lanes, entry("slow"));
    for (int i = 0; i < 30; i++) {
      Lanes.Entry entry = lanes.next().orElseThrow();
      offer(lanes, entry("slow"));
      finish(lanes, entry, SLOW);
    }
    for (int i = 0; i < 19; i++) {
      assertThat(offer(lanes, entry("slow"))).isEmpty();
    }

    Optional<Duration> backlog = offer(lanes, entry("slow"));

    assertThat(backlog.orElseThrow()).isBetween(Duration.ofSeconds(150), Duration.ofSeconds(200));
  }

  @Test
  void a_full_lane_that_moves_on_is_waited_for() throws InterruptedException {
    var lanes = new Lanes(new DeliveryConfig.LaneLimits(100, 1, 2, 1000));
    offer(lanes, entry("quick"));
    Lanes.Entry first = lanes.next().orElseThrow();
    offer(lanes, entry("quick"));
    offer(lanes, entry("quick"));
    Thread mover =
        Thread.ofVirtual()
            .start(() -> {
              finish(lanes, first, QUICK);
              lanes.next().ifPresent(entry -> finish(lanes, entry, QUICK));
            });

    assertThat(offer(lanes, entry("quick"))).isEmpty();
    mover.join();
  }

  @Test
  void patience_with_a_quick_lane_ends() throws InterruptedException {
    var lanes = new Lanes(new DeliveryConfig.LaneLimits(100, 1, 1, 1000));
    offer(lanes, entry("quick"));

    assertThat(lanes.offer(entry("quick"), System.nanoTime())).isPresent();
  }

  @Test
  void draining_forgets_who_waits_and_ends_when_nobody_is_in_flight() throws InterruptedException {
    var lanes = new Lanes(new DeliveryConfig.LaneLimits(100, 1, 100, 1000));
    offer(lanes, entry("a"));
    offer(lanes, entry("a"));
    Lanes.Entry first = lanes.next().orElseThrow();

    assertThat(lanes.drain(Duration.ofMillis(20))).isFalse();
    finish(lanes, first, QUICK);
    assertThat(lanes.drain(Duration.ofMillis(20))).isTrue();
    assertThat(lanes.next()).isEmpty();
    assertThat(lanes.waiting()).isZero();
  }

  private static Optional<Duration> offer(Lanes lanes, Lanes.Entry entry)
      throws InterruptedException {
    return lanes.offer(entry, System.nanoTime() + Duration.ofSeconds(10).toNanos());
  }

  private static int fill(Lanes lanes, String host) throws InterruptedException {
    int taken = 0;
    while (offer(lanes, entry(host)).isEmpty()) {
      taken++;
    }
    return taken;
  }

  private static void finish(Lanes lanes, Lanes.Entry entry, Duration took) {
    lanes.sent(entry, took);
    lanes.stored();
  }

  private static List<Lanes.Entry> take(Lanes lanes, int count) {
    var entries = new ArrayList<Lanes.Entry>();
    for (int i = 0; i < count; i++) {
      entries.add(lanes.next().orElseThrow());
    }
    return entries;
  }

  private static List<String> hosts(List<Lanes.Entry> entries) {
    return entries.stream().map(entry -> entry.target().orElseThrow().host()).toList();
  }

  private static Lanes.Entry entry(String host) {
    return new Lanes.Entry(
        Tasks.dispatch("http://" + host),
        Optional.of(new Target("http", host, 80, "/", Optional.empty())));
  }
}
