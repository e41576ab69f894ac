package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When jobs are looked at, learned from how long others took.
class CurveTest {
  /// How many milliseconds a look takes.
  private static final long A_LOOK = 300;

  @Test
  void looking_follows_how_long_jobs_really_take() {
    Curve curve = new Curve(Duration.ofSeconds(10));
    for (int job = 0; job < 100; job++) {
      Duration took = Duration.ofSeconds(60 + job % 20);
      curve.learn(took, took);
    }

    assertThat(curve.wait(Duration.ZERO, Duration.ZERO)).isEqualTo(Curve.MOST);
    assertThat(curve.wait(Duration.ofSeconds(50), Duration.ZERO)).isEqualTo(Duration.ofSeconds(10));
    assertThat(curve.wait(Duration.ofSeconds(65), Duration.ZERO)).isEqualTo(Duration.ofMillis(800));
    assertThat(curve.wait(Duration.ofSeconds(65), Duration.ofSeconds(4)))
        .isEqualTo(Duration.ofSeconds(4));
    assertThat(curve.wait(Duration.ofSeconds(200), Duration.ZERO))
        .isGreaterThan(Duration.ofSeconds(10));
  }

  /// All take ten seconds. What a look finds ended may have ended long before.
  @Test
  void looks_stay_close_to_the_end_of_jobs_that_all_take_the_same_time() {
    Curve curve = new Curve(Duration.ofSeconds(40));
    long lag = 0;
    for (int job = 0; job < 10_000; job++) {
      long running = 0;
      long looked = 0;
      while (looked < 10_000) {
        running = looked;
        looked += A_LOOK + curve.wait(Duration.ofMillis(looked), Duration.ZERO).toMillis();
      }
      curve.learn(Duration.ofMillis(running), Duration.ofMillis(looked));
      lag = looked - 10_000;
    }

    assertThat(lag).isLessThan(A_LOOK + 1_000);
    assertThat(curve.wait(Duration.ZERO, Duration.ZERO)).isGreaterThan(Duration.ofSeconds(8));
  }

  /// Nobody would see that by looking at the old time alone.
  @Test
  void jobs_that_got_faster_are_looked_at_earlier() {
    Curve curve = new Curve(Duration.ofSeconds(20));
    for (int job = 0; job < 600; job++) {
      curve.learn(Duration.ofMillis(19_500), Duration.ofSeconds(20));
    }
    long early = curve.wait(Duration.ZERO, Duration.ZERO).toMillis();
    for (int job = 0; job < 600; job++) {
      early = curve.wait(Duration.ZERO, Duration.ZERO).toMillis();
      curve.learn(Duration.ZERO, Duration.ofMillis(Math.max(early, 5_000)));
    }

    assertThat(early).isLessThan(6_000);
  }
}
