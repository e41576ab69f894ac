package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.testkit.HandClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Somebody sets the calendar of a node.
class ClockWatchTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandClock clock = new HandClock();
  private final List<Duration> heard = new ArrayList<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final ClockWatch watch =
      new ClockWatch(
          clock,
          clock::elapsed,
          by -> {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
              throw new StoreUnavailableException("of a test");
            }
            heard.add(by);
          });

  private void round() {
    clock.advance(Duration.ofMillis(500));
    watch.round();
  }

  @Test
  void it_tells_by_how_much_the_calendar_was_set_back_and_of_nothing_else() {
    round();
    clock.jump(Duration.ofMillis(-20));
    round();
    clock.jump(HOUR);
    round();
    assertThat(heard).isEmpty();

    clock.jump(HOUR.negated());
    round();
    round();

    assertThat(heard).containsExactly(HOUR);
  }

  @Test
  void what_the_store_could_not_take_is_told_until_it_can() {
    failures.set(2);

    clock.jump(HOUR.negated());
    round();
    clock.jump(HOUR.negated());
    round();
    round();
    round();

    assertThat(heard).containsExactly(HOUR.multipliedBy(2));
  }
}
