package dev.carillon.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.catalog.Estimate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {
  private static Durations oneTo(int seconds) {
    var durations = new Durations();
    for (int i = 1; i <= seconds; i++) {
      durations.add(Duration.ofSeconds(i));
    }
    return durations;
  }

  @Test
  void a_new_task_is_told_the_median_and_the_ninth_tenth() {
    assertThat(oneTo(100).left(Duration.ZERO))
        .contains(new Estimate(Duration.ofSeconds(51), Duration.ofSeconds(91)));
  }

  @Test
  void an_older_task_is_measured_by_those_that_took_longer() {
    assertThat(oneTo(100).left(Duration.ofSeconds(90)))
        .contains(new Estimate(Duration.ofSeconds(6), Duration.ofSeconds(10)));
  }

  @Test
  void a_task_older_than_all_experience_gets_no_estimate() {
    assertThat(oneTo(100).left(Duration.ofSeconds(100))).isEmpty();
  }

  @Test
  void too_few_samples_give_no_estimate() {
    assertThat(oneTo(4).left(Duration.ZERO)).isEmpty();
    assertThat(oneTo(5).left(Duration.ZERO)).isPresent();
  }

  @Test
  void old_samples_are_forgotten() {
    var durations = oneTo(1_000);
    for (int i = 0; i < 1_000; i++) {
      durations.add(Duration.ofMillis(5));
    }

    assertThat(durations.left(Duration.ZERO))
        .contains(new Estimate(Duration.ofMillis(5), Duration.ofMillis(5)));
  }

  @Test
  void what_was_learned_survives_being_written_down() {
    var durations = oneTo(1_500);

    Durations read = Durations.decoded(durations.encoded());

    assertThat(read.left(Duration.ofSeconds(700)))
        .isEqualTo(durations.left(Duration.ofSeconds(700)));
  }
}
