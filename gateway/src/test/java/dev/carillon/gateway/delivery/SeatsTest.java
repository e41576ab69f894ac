package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.callback.Destination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class SeatsTest {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Posted FINE = posted(200, Duration.ofMillis(5));
  private static final Posted HUNG = Posted.failed("timeout_headers", Duration.ofSeconds(10));

  private final List<Destination> reopened = new ArrayList<>();
  private long now;
  private final Seats seats = seats(new DeliveryConfig.Seats(100, 40, 32, 1000, PAUSE));

  @Test
  void a_window_begins_at_four_and_doubles_with_its_answers_up_to_its_bound() {
    Destination one = destination("one");
    assertThat(seats.room(one)).isEqualTo(4);

    for (int window : new int[] {4, 8, 16, 32, 32}) {
      assertThat(seats.room(one)).isEqualTo(window);
      take(seats, one, window).forEach(seat -> finish(seats, seat, FINE));
    }
    assertThat(seats.room(one)).isEqualTo(32);
  }

  @Test
  void failures_do_not_widen_a_window() {
    Destination one = destination("one");

    for (int i = 0; i < 4; i++) {
      finish(seats, take(seats, one, 1).getFirst(), posted(503, Duration.ofMillis(1)));
    }

    assertThat(seats.room(one)).isEqualTo(4);
  }

  @Test
  void a_destination_without_room_is_reopened_when_a_part_of_its_window_is_free() {
    Destination one = destination("one");
    widen(one);
    List<Seats.Seat> taken = take(seats, one, 32);
    assertThat(seats.room(one)).isZero();
    assertThat(seats.take(one, "http://one:80")).isEmpty();

    for (int i = 0; i < 7; i++) {
      finish(seats, taken.get(i), FINE);
    }
    assertThat(reopened).isEmpty();
    finish(seats, taken.get(7), FINE);

    assertThat(reopened).containsExactly(one);
    assertThat(seats.room(one)).isEqualTo(8);
  }

  @Test
  void a_few_free_seats_are_offered_at_the_next_tick_and_told_twice_in_case_it_came_too_early() {
    Destination one = destination("one");
    widen(one);
    List<Seats.Seat> taken = take(seats, one, 32);
    assertThat(seats.room(one)).isZero();
    finish(seats, taken.getFirst(), FINE);

    seats.tick();
    assertThat(reopened).containsExactly(one);
    seats.tick();
    assertThat(reopened).containsExactly(one, one);
    seats.tick();
    assertThat(reopened).containsExactly(one, one);
  }

  @Test
  void an_origin_has_a_bound_over_all_destinations_and_each_gets_a_share() {
    Seats narrow = seats(new DeliveryConfig.Seats(100, 40, 32, 6, PAUSE));
    Destination first = destination("first");
    Destination second = destination("second");
    List<Seats.Seat> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(narrow.take(first, "https://shared:443").orElseThrow());
    }
    for (int i = 0; i < 2; i++) {
      taken.add(narrow.take(second, "https://shared:443").orElseThrow());
    }
    assertThat(narrow.take(second, "https://shared:443")).isEmpty();
    assertThat(narrow.room(second)).isZero();
    assertThat(narrow.room(destination("elsewhere"))).isEqualTo(4);

    finish(narrow, taken.getFirst(), FINE);

    assertThat(narrow.room(first)).as("three of six are its share").isZero();
    assertThat(narrow.room(second)).isEqualTo(1);
    assertThat(reopened).contains(second);
  }

  @Test
  void what_lasts_longer_than_a_second_leaves_the_quick_seats() {
    take(seats, destination("hung"), 4);
    take(seats, destination("hung-too"), 4);
    pass(Duration.ofMillis(1001));
    Seats.Seat young = take(seats, destination("young"), 1).getFirst();

    seats.tick();

    assertThat(seats.taken()).isEqualTo(new Seats.Taken(1, 8, 0));
    finish(seats, young, FINE);
    assertThat(seats.taken()).isEqualTo(new Seats.Taken(0, 8, 0));
  }

  @Test
  void a_destination_known_to_be_slow_starts_on_slow_seats_and_only_while_some_are_free() {
    Seats few = seats(new DeliveryConfig.Seats(100, 3, 32, 1000, PAUSE));
    Destination slow = destination("slow");
    List<Seats.Seat> hung = take(few, slow, 2);
    pass(Duration.ofSeconds(2));
    few.tick();
    assertThat(few.taken()).isEqualTo(new Seats.Taken(0, 2, 0));

    assertThat(few.room(slow)).isEqualTo(1);
    Seats.Seat third = take(few, slow, 1).getFirst();
    assertThat(few.taken()).isEqualTo(new Seats.Taken(0, 3, 0));
    assertThat(few.room(slow)).isZero();

    hung.forEach(seat -> finish(few, seat, posted(200, Duration.ofSeconds(9))));
    finish(few, third, posted(200, Duration.ofSeconds(9)));
    take(few, slow, 1);
    assertThat(few.taken()).as("its mean is over a second").isEqualTo(new Seats.Taken(0, 1, 0));
  }

  @Test
  void when_no_slow_seat_is_free_an_attempt_stays_where_it_is_until_one_is() {
    Seats few = seats(new DeliveryConfig.Seats(100, 1, 32, 1000, PAUSE));
    Seats.Seat first = take(few, destination("a"), 1).getFirst();
    take(few, destination("b"), 1);
    pass(Duration.ofSeconds(2));
    few.tick();
    assertThat(few.taken()).isEqualTo(new Seats.Taken(1, 1, 0));

    finish(few, first, HUNG);
    few.tick();

    assertThat(few.taken()).isEqualTo(new Seats.Taken(0, 1, 0));
  }

  @Test
  void when_many_hang_one_that_never_answered_gets_a_single_attempt() {
    for (int i = 0; i < 6; i++) {
      take(seats, destination("hung-" + i), 4);
    }
    pass(Duration.ofSeconds(2));
    seats.tick();

    assertThat(seats.room(destination("unknown"))).isEqualTo(1);
  }

  @Test
  void however_many_hang_the_quick_seats_are_free_again_after_a_second() {
    Seats real = seats(DeliveryConfig.Seats.DEFAULT);
    int hanging = 0;
    for (int second = 0; second < 6; second++) {
      for (int i = 0; i < 128; i++) {
        Destination dead = destination("dead-" + hanging++);
        for (int left = real.room(dead); left > 0; left--) {
          real.take(dead, dead.key());
        }
      }
      pass(Duration.ofSeconds(2));
      real.tick();
    }

    assertThat(real.taken().quick()).isZero();
    assertThat(real.taken().slow()).isLessThan(DeliveryConfig.Seats.DEFAULT.slow());
    assertThat(real.room(destination("healthy"))).isPositive();
  }

  @Test
  void when_no_slow_seat_is_left_half_of_the_quick_ones_are_for_those_that_answered() {
    Seats few = seats(new DeliveryConfig.Seats(10, 1, 32, 1000, PAUSE));
    Destination healthy = destination("healthy");
    finish(few, take(few, healthy, 1).getFirst(), FINE);
    take(few, destination("hung"), 1);
    pass(Duration.ofSeconds(2));
    few.tick();
    for (int i = 0; i < 5; i++) {
      take(few, destination("unknown-" + i), 1);
    }

    assertThat(few.room(destination("one-more"))).isZero();
    assertThat(few.room(healthy)).isEqualTo(4);
  }

  @Test
  void an_open_circuit_sets_a_destination_aside_until_its_probe() {
    Destination dead = destination("dead");
    Circuit.Change last = Circuit.Change.NONE;
    for (int i = 0; i < 5; i++) {
      last = seats.sent(stored(seats, take(seats, dead, 1).getFirst()), posted(503, Duration.ZERO));
    }
    assertThat(last).isEqualTo(Circuit.Change.OPENED);
    assertThat(seats.taken().openCircuits()).isEqualTo(1);
    assertThat(seats.room(dead)).isZero();
    seats.tick();
    assertThat(reopened).isEmpty();

    pass(Duration.ofSeconds(34));
    seats.tick();
    assertThat(reopened).containsExactly(dead);
    assertThat(seats.room(dead)).isEqualTo(1);
    Seats.Seat probe = take(seats, dead, 1).getFirst();
    assertThat(seats.room(dead)).isZero();

    finish(seats, probe, FINE);
    assertThat(seats.taken().openCircuits()).isZero();
    assertThat(seats.room(dead)).isEqualTo(1);
    finish(seats, take(seats, dead, 1).getFirst(), FINE);
    assertThat(seats.room(dead)).isEqualTo(2);
  }

  @Test
  void retry_after_holds_the_whole_destination() {
    Destination busy = destination("busy");
    var asked =
        new Posted(
            429,
            Optional.of("http_4xx"),
            Posted.Wish.pause(Duration.ofSeconds(100)),
            Duration.ZERO,
            "");
    finish(seats, take(seats, busy, 1).getFirst(), asked);
    pass(Duration.ofSeconds(99));
    assertThat(seats.room(busy)).isZero();

    pass(Duration.ofSeconds(1));
    seats.tick();

    assertThat(reopened).containsExactly(busy);
    assertThat(seats.room(busy)).isEqualTo(4);
  }

  @Test
  void a_destination_that_was_forgotten_is_offered_again() {
    Destination dead = destination("dead");
    for (int i = 0; i < 5; i++) {
      finish(seats, take(seats, dead, 1).getFirst(), HUNG);
    }
    assertThat(seats.room(dead)).isZero();
    for (int i = 0; i < DeliveryConfig.REMEMBERED_DESTINATIONS; i++) {
      seats.room(destination("d" + i));
    }

    seats.tick();

    assertThat(reopened).contains(dead);
    assertThat(seats.taken().openCircuits()).isZero();
    assertThat(seats.room(dead)).isEqualTo(4);
  }

  @Test
  void draining_ends_when_nobody_is_in_flight() throws InterruptedException {
    Seats.Seat one = take(seats, destination("one"), 1).getFirst();

    assertThat(seats.drain(Duration.ofMillis(20))).isFalse();
    finish(seats, one, FINE);
    assertThat(seats.drain(Duration.ofMillis(20))).isTrue();
  }

  @Test
  void who_waits_for_room_goes_on_when_an_attempt_is_stored() throws InterruptedException {
    Seats one = seats(new DeliveryConfig.Seats(1, 1, 32, 32, PAUSE));
    Seats.Seat taken = take(one, destination("one"), 1).getFirst();
    assertThat(one.take(destination("other"), "http://other:80")).isEmpty();
    Thread mover = Thread.ofVirtual().start(() -> finish(one, taken, FINE));

    assertThat(one.awaitRoom()).isEqualTo(1);
    mover.join();
  }

  private void widen(Destination one) {
    for (int window : new int[] {4, 8, 16}) {
      take(seats, one, window).forEach(seat -> finish(seats, seat, FINE));
    }
    reopened.clear();
  }

  private Seats seats(DeliveryConfig.Seats limits) {
    return new Seats(limits, () -> now, new SplittableRandom(5), reopened::add);
  }

  private static List<Seats.Seat> take(Seats seats, Destination destination, int count) {
    var taken = new ArrayList<Seats.Seat>();
    for (int i = 0; i < count; i++) {
      taken.add(seats.take(destination, "http://" + destination.key() + ":80").orElseThrow());
    }
    return taken;
  }

  private static void finish(Seats seats, Seats.Seat seat, Posted posted) {
    seats.sent(seat, posted);
    stored(seats, seat);
  }

  private static Seats.Seat stored(Seats seats, Seats.Seat seat) {
    seats.stored(seat);
    return seat;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static Posted posted(int status, Duration took) {
    Optional<String> failure = status == 200 ? Optional.empty() : Optional.of("http");
    return new Posted(status, failure, Posted.Wish.NONE, took, "");
  }

  private static Destination destination(String key) {
    return new Destination(Tasks.APPLICATION, key);
  }
}
