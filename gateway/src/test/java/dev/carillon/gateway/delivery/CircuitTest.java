package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.delivery.Circuit.Change;
import dev.carillon.gateway.delivery.Posted.Sign;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CircuitTest {
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private final Circuit circuit = new Circuit(PAUSE, new SplittableRandom(3));
  private long now = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos(); // wraps around soon

  @Test
  void five_sick_attempts_in_a_row_open_it_and_an_answer_between_starts_again() {
    for (int i = 0; i < 4; i++) {
      assertThat(end(Sign.SICK)).isEqualTo(Change.NONE);
    }
    assertThat(end(Sign.ALIVE)).isEqualTo(Change.NONE);
    for (int i = 0; i < 4; i++) {
      assertThat(end(Sign.SICK)).isEqualTo(Change.NONE);
    }
    assertThat(end(Sign.NONE)).isEqualTo(Change.NONE);
    assertThat(circuit.room(now)).isPositive();

    assertThat(end(Sign.SICK)).isEqualTo(Change.OPENED);
    assertThat(circuit.room(now)).isZero();
  }

  @Test
  void answers_of_500_open_it_only_when_there_are_as_many_as_the_widest_window() {
    for (int i = 0; i < 31; i++) {
      assertThat(end(Sign.FAILING)).isEqualTo(Change.NONE);
    }
    assertThat(circuit.room(now)).isPositive();

    assertThat(end(Sign.FAILING)).isEqualTo(Change.OPENED);
    pass(Duration.ofSeconds(34));
    assertThat(circuit.room(now)).isEqualTo(1);
    assertThat(end(Sign.FAILING)).isEqualTo(Change.NONE);
    assertThat(circuit.room(now)).as("a probe that failed opens it again").isZero();
  }

  @Test
  void silence_between_answers_of_500_still_counts() {
    for (int i = 0; i < 4; i++) {
      assertThat(end(Sign.SICK)).isEqualTo(Change.NONE);
      assertThat(end(Sign.FAILING)).isEqualTo(Change.NONE);
    }

    assertThat(end(Sign.SICK)).isEqualTo(Change.OPENED);
  }

  @Test
  void one_probe_goes_when_the_pause_is_over_and_an_answer_closes_it() {
    open();
    pass(Duration.ofSeconds(26));
    assertThat(circuit.room(now)).isZero();

    pass(Duration.ofSeconds(8));
    assertThat(circuit.room(now)).isEqualTo(1);
    int probe = circuit.begin();
    assertThat(circuit.room(now)).isZero();

    assertThat(circuit.end(Sign.ALIVE, probe, now)).isEqualTo(Change.CLOSED);
    assertThat(circuit.room(now)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void a_probe_that_says_nothing_about_the_receiver_is_followed_by_another() {
    open();
    pass(Duration.ofSeconds(34));
    assertThat(circuit.room(now)).isEqualTo(1);

    assertThat(end(Sign.NONE)).isEqualTo(Change.NONE);
    assertThat(circuit.room(now)).isEqualTo(1);
  }

  @Test
  void each_probe_that_fails_doubles_the_pause_up_to_a_quarter_of_an_hour() {
    open();
    for (Duration base = PAUSE;
        base.compareTo(Duration.ofHours(3)) < 0;
        base = base.multipliedBy(2)) {
      Duration pause = base.compareTo(Circuit.LONGEST_PAUSE) < 0 ? base : Circuit.LONGEST_PAUSE;
      pass(pause.multipliedBy(89).dividedBy(100));
      assertThat(circuit.room(now)).as("before %s", pause).isZero();
      pass(pause.multipliedBy(22).dividedBy(100));
      assertThat(circuit.room(now)).as("after %s", pause).isEqualTo(1);
      assertThat(end(Sign.SICK)).isEqualTo(Change.NONE);
    }
  }

  @Test
  void what_began_before_it_opened_says_nothing_afterwards() {
    int early = circuit.begin();
    open();

    assertThat(circuit.end(Sign.ALIVE, early, now)).isEqualTo(Change.NONE);
    assertThat(circuit.room(now)).isZero();
    pass(Duration.ofSeconds(34));
    assertThat(circuit.room(now)).isEqualTo(1);
    int probe = circuit.begin();
    assertThat(circuit.end(Sign.SICK, early, now)).isEqualTo(Change.NONE);
    assertThat(circuit.room(now)).as("the probe is still under way").isZero();
    assertThat(circuit.end(Sign.ALIVE, probe, now)).isEqualTo(Change.CLOSED);
  }

  @Test
  void which_answers_are_sick_ones() {
    for (int status : new int[] {429, 502, 503, 504}) {
      assertThat(sign(status, "http")).as("%s", status).isEqualTo(Sign.SICK);
    }
    for (int status : new int[] {500, 501, 505, 520, 599}) {
      assertThat(sign(status, "http")).as("%s", status).isEqualTo(Sign.FAILING);
    }
    for (int status : new int[] {301, 400, 401, 404, 410, 422}) {
      assertThat(sign(status, "http")).as("%s", status).isEqualTo(Sign.ALIVE);
    }
    for (String word :
        new String[] {
          "timeout_dns",
          "timeout_body",
          "dns_nxdomain",
          "connect_refused",
          "connection_reset",
          "tls_cert"
        }) {
      assertThat(sign(0, word)).as(word).isEqualTo(Sign.SICK);
    }
    for (String word : new String[] {"ours_dns", "ours_proxy", "blocked_address", "blocked_url"}) {
      assertThat(sign(0, word)).as(word).isEqualTo(Sign.NONE);
    }
  }

  private static Sign sign(int status, String failure) {
    return new Posted(status, Optional.of(failure), Posted.Wish.NONE, Duration.ZERO, "").sign();
  }

  private void open() {
    for (int i = 0; i < Circuit.SICK; i++) {
      end(Sign.SICK);
    }
  }

  private Change end(Sign sign) {
    return circuit.end(sign, circuit.begin(), now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }
}
