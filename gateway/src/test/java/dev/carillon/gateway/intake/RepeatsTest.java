package dev.carillon.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.testkit.HandClock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// When a request counts as another's repeat.
class RepeatsTest {
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Fingerprint REQUEST = Fingerprint.of("token", "/suno/audios", "{}");

  private final HandClock clock = new HandClock();
  private final Repeats repeats = new Repeats(WINDOW, clock);
  private final TaskId task = new TaskId(new UUID(0x7000, 1));
  private final TaskId other = new TaskId(new UUID(0x7000, 2));

  @Test
  void an_equal_request_is_a_wish_of_its_own_while_the_first_one_waits() {
    repeats.watch(REQUEST, task, () -> false);

    assertThat(repeats.takeOver(REQUEST)).isEmpty();
  }

  @Test
  void an_equal_request_is_a_wish_of_its_own_once_the_first_one_was_answered() {
    repeats.answered(repeats.watch(REQUEST, task, () -> false));

    assertThat(repeats.takeOver(REQUEST)).isEmpty();
  }

  @Test
  void a_request_whose_caller_hung_up_is_taken_over_even_while_it_waits() {
    var gone = new AtomicBoolean();
    repeats.watch(REQUEST, task, gone::get);
    gone.set(true);

    assertThat(repeats.takeOver(Fingerprint.of("other"))).isEmpty();
    assertThat(repeats.takeOver(REQUEST)).contains(task);
  }

  @Test
  void a_lost_request_is_waited_for_as_long_as_the_window_says() {
    repeats.lost(repeats.watch(REQUEST, task, () -> true));

    clock.advance(WINDOW.minusMillis(1));
    assertThat(repeats.takeOver(REQUEST)).contains(task);

    repeats.lost(repeats.watch(REQUEST, task, () -> true));
    clock.advance(WINDOW);
    assertThat(repeats.takeOver(REQUEST)).isEmpty();
  }

  @Test
  void each_repeat_takes_over_one_lost_request() {
    repeats.lost(repeats.watch(REQUEST, task, () -> true));
    repeats.lost(repeats.watch(REQUEST, other, () -> true));

    assertThat(repeats.takeOver(REQUEST)).contains(task);
    assertThat(repeats.takeOver(REQUEST)).contains(other);
    assertThat(repeats.takeOver(REQUEST)).isEmpty();
  }

  @Test
  void a_request_taken_over_is_not_lost_a_second_time_when_its_own_wait_ends() {
    Repeats.First first = repeats.watch(REQUEST, task, () -> true);
    repeats.takeOver(REQUEST);

    repeats.lost(first);

    assertThat(repeats.takeOver(REQUEST)).isEmpty();
  }
}
