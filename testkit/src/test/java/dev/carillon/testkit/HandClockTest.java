package dev.carillon.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class HandClockTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private final HandClock clock = new HandClock();

  @Test
  void a_sleeper_wakes_when_the_clock_was_moved_far_enough() throws InterruptedException {
    var woke = new AtomicReference<Optional<Instant>>(Optional.empty());
    Instant start = clock.instant();
    Thread sleeper =
        Thread.ofVirtual()
            .start(() -> {
              try {
                clock.sleep(Duration.ofDays(3));
                woke.set(Optional.of(clock.instant()));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    clock.awaitSleepers(1, LIMIT);

    clock.advance(Duration.ofHours(71));
    clock.awaitSleepers(1, LIMIT);
    assertThat(woke.get()).isEmpty();
    clock.advance(Duration.ofHours(1));
    sleeper.join();

    assertThat(woke.get()).contains(start.plus(Duration.ofDays(3)));
  }

  @Test
  void setting_the_calendar_lets_no_time_pass() {
    Instant start = clock.instant();
    clock.advance(Duration.ofSeconds(5));
    clock.jump(Duration.ofHours(1));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(3_605));

    clock.advance(Duration.ofSeconds(-5));

    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(5));
    assertThat(clock.instant()).isEqualTo(start.plusSeconds(3_600));
  }

  @Test
  void nothing_is_waited_for_when_there_is_nothing_to_sleep() throws InterruptedException {
    clock.sleep(Duration.ZERO);
    clock.sleep(Duration.ofSeconds(-1));

    assertThatThrownBy(() -> clock.awaitSleepers(1, Duration.ofMillis(5)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 threads sleep");
  }

  @Test
  void waiting_for_a_condition_ends_at_its_deadline_with_its_name() {
    assertThatThrownBy(() -> Await.until("pigs fly", Duration.ofMillis(5), () -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("pigs fly");
    assertThat(Await.value("a word", LIMIT, () -> Optional.of("word"))).isEqualTo("word");
  }
}
