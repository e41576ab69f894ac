package dev.carillon.client.foresight;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tasks of log-normal durations, played through without a clock.
final class ForesightTest {
  private static final int TASKS = 5_000;
  private static final int BATCH = 50;
  private static final String KIND = "suno/audios";

  private record Played(double meanLate, double meanLooks) {}

  private static DoubleSupplier durations(double median, double spread) {
    var random = new Random(20_261_126);
    return () -> median * Math.exp(spread * random.nextGaussian());
  }

  private static Played play(Foresight foresight, DoubleSupplier durations, double together) {
    double late = 0;
    double looks = 0;
    for (int i = 0; i < TASKS; i++) {
      double duration = durations.getAsDouble();
      double age = 0;
      do {
        age += foresight.pause(KIND, age, together).orElseThrow().toNanos() / 1e9;
        looks++;
      } while (age < duration);
      late += age - duration;
    }
    return new Played(late / TASKS, looks / TASKS);
  }

  @ParameterizedTest
  @CsvSource({"3, 0.3", "8, 0.5", "20, 0.6", "40, 0.4"})
  void many_tasks_are_seen_soon_with_few_requests(double median, double spread) {
    var foresight = new Foresight();
    DoubleSupplier durations = durations(median, spread);
    for (int i = 0; i < 200; i++) {
      foresight.ended(KIND, durations.getAsDouble());
    }

    Played played = play(foresight, durations, BATCH);

    assertThat(played.meanLate).isLessThan(0.15);
    assertThat(played.meanLooks / BATCH).isLessThan(3);
  }

  @Test
  void a_task_alone_costs_no_more_than_three_looks_and_is_seen_sooner_than_by_a_fixed_pace() {
    var foresight = new Foresight();
    DoubleSupplier durations = durations(8, 0.3);
    for (int i = 0; i < 200; i++) {
      foresight.ended(KIND, durations.getAsDouble());
    }

    Played played = play(foresight, durations, 1);

    assertThat(played.meanLooks).isLessThan(3.5);
    // Three looks at a fixed pace are one each 2.7 s, which finds a task 1.3 s late.
    assertThat(played.meanLate).isLessThan(1.3);
  }

  @Test
  void nothing_is_foreseen_of_what_was_not_seen() {
    var foresight = new Foresight();
    for (int i = 1; i < Foresight.ENOUGH; i++) {
      foresight.ended(KIND, 3);
    }

    assertThat(foresight.pause(KIND, 1, 1)).isEmpty();
    foresight.ended(KIND, 3);
    assertThat(foresight.pause(KIND, 1, 1)).isPresent();
    assertThat(foresight.pause("other", 1, 1)).isEmpty();
  }

  @Test
  void a_pause_stays_within_bounds_however_odd_the_durations_are() {
    var foresight = new Foresight();
    for (int i = 0; i < 30; i++) {
      foresight.ended(KIND, i % 2 == 0 ? 0.001 : 1e6);
      foresight.ended("same", 5);
      foresight.ended("none", -1);
    }

    for (double age : new double[] {0, 0.001, 1, 4.99, 5, 5.01, 1e5, 1e9}) {
      for (String kind : new String[] {KIND, "same"}) {
        assertThat(foresight.pause(kind, age, 1).orElseThrow())
            .isBetween(Duration.ofMillis(50), Duration.ofSeconds(15));
      }
    }
    assertThat(foresight.pause("none", 1, 1)).isEmpty();
  }
}
