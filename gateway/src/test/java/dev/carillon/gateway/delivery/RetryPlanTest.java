package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.callback.Dispatch.Tries;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class RetryPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant FAR = NOW.plus(Duration.ofDays(30));
  private static final List<Duration> PAUSES = DeliveryConfig.Retries.DEFAULT.pauses();

  private final RetryPlan plan = new RetryPlan(PAUSES, new SplittableRandom(42));

  @Test
  void the_default_plan_is_fourteen_attempts_over_three_days() {
    assertThat(PAUSES).hasSize(13);
    assertThat(PAUSES.stream().reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(Duration.parse("PT72H42M36S"));
  }

  @Test
  void a_pause_is_never_shorter_than_published_and_at_most_a_fifth_longer() {
    for (int attempt = 1; attempt <= PAUSES.size(); attempt++) {
      Duration base = PAUSES.get(attempt - 1);
      long fifth = Math.max(1000, Math.min(base.toMillis() / 5, 30 * 60_000));
      long longest = 0;
      for (int run = 0; run < 300; run++) {
        long pause = pause(attempt, status(500)).toMillis();
        assertThat(pause).isBetween(base.toMillis(), base.toMillis() + fifth);
        longest = Math.max(longest, pause);
      }
      assertThat(longest).isGreaterThan(base.toMillis() + fifth / 2);
    }
  }

  @Test
  void after_the_last_pause_no_attempt_follows() {
    assertThat(plan.after(tries(PAUSES.size() + 1), status(500), NOW, FAR))
        .isEqualTo(new Next.Exhausted());
    assertThat(plan.after(tries(PAUSES.size()), status(500), NOW, FAR))
        .isInstanceOf(Next.Retry.class);
  }

  @Test
  void no_attempt_is_planned_after_the_deadline() {
    assertThat(plan.after(tries(5), status(500), NOW, NOW.plusSeconds(60)))
        .isEqualTo(new Next.Exhausted());
  }

  @Test
  void only_success_delivers_and_gone_ends_at_once() {
    assertThat(plan.after(tries(1), status(204), NOW, FAR)).isEqualTo(new Next.Delivered());
    assertThat(plan.after(tries(1), status(302), NOW, FAR)).isInstanceOf(Next.Retry.class);
    assertThat(plan.after(tries(1), status(404), NOW, FAR)).isInstanceOf(Next.Retry.class);
    assertThat(plan.after(tries(1), status(410), NOW, FAR)).isEqualTo(new Next.Gone());
  }

  @Test
  void a_blocked_address_is_not_tried_again() {
    assertThat(plan.after(tries(1), Posted.unsent(Posted.BLOCKED_ADDRESS), NOW, FAR))
        .isEqualTo(new Next.Blocked());
    assertThat(plan.after(tries(1), Posted.unsent(Posted.BLOCKED_URL), NOW, FAR))
        .isEqualTo(new Next.Blocked());
  }

  @Test
  void retry_after_is_obeyed_for_429_and_503_and_bounded() {
    assertThat(pause(1, asking(429, Duration.ofSeconds(100)))).isBetween(sec(100), sec(120));
    assertThat(pause(1, asking(503, Duration.ofSeconds(100)))).isBetween(sec(100), sec(120));
    assertThat(pause(1, asking(500, Duration.ofSeconds(100)))).isBetween(sec(1), sec(2));
    assertThat(pause(4, asking(503, Duration.ZERO))).isBetween(sec(120), sec(144));
    assertThat(pause(1, asking(429, Duration.ofDays(900))))
        .isBetween(Duration.ofHours(24), Duration.ofMinutes(24 * 60 + 30));
  }

  @Test
  void an_overloaded_receiver_gets_at_least_a_minute() {
    assertThat(pause(1, status(429))).isBetween(sec(60), sec(72));
    assertThat(pause(1, status(502))).isBetween(sec(60), sec(72));
    assertThat(pause(1, status(504))).isBetween(sec(60), sec(72));
    assertThat(pause(1, Posted.unsent("timeout_headers"))).isBetween(sec(60), sec(72));
    assertThat(pause(1, status(500))).isBetween(sec(1), sec(2));
  }

  @Test
  void our_own_fault_is_tried_again_soon_even_after_the_last_pause() {
    assertThat(pause(99, Posted.unsent("ours_dns"))).isBetween(sec(5), sec(60));
    assertThat(plan.after(tries(1), Posted.unsent("ours_dns"), NOW, NOW))
        .isInstanceOf(Next.Retry.class);
  }

  @Test
  void a_429_that_says_when_is_not_charged_but_not_for_ever() {
    Posted asking = asking(429, Duration.ofSeconds(1));

    assertThat(plan.after(new Tries(50, 0, NOW, 0), asking, NOW, FAR))
        .isInstanceOfSatisfying(Next.Retry.class, next -> assertThat(next.counted()).isFalse());
    assertThat(plan.after(new Tries(51, 0, NOW, 0), asking, NOW, FAR))
        .isInstanceOfSatisfying(Next.Retry.class, next -> assertThat(next.counted()).isTrue());
    assertThat(plan.after(tries(1), status(429), NOW, FAR))
        .isInstanceOfSatisfying(Next.Retry.class, next -> assertThat(next.counted()).isTrue());
    assertThat(plan.after(tries(14), asking, NOW, FAR))
        .isInstanceOfSatisfying(Next.Retry.class, next -> assertThat(next.counted()).isFalse());
  }

  @Test
  void a_receiver_may_end_it_by_a_header() {
    Posted abort = wishing(500, new Posted.Wish(Optional.empty(), true, false));
    Posted disable = wishing(500, new Posted.Wish(Optional.empty(), false, true));

    assertThat(plan.after(tries(1), abort, NOW, FAR)).isEqualTo(new Next.Exhausted());
    assertThat(plan.after(tries(1), disable, NOW, FAR)).isEqualTo(new Next.Gone());
  }

  @Test
  void a_first_attempt_past_the_deadline_is_the_last() {
    Instant past = NOW.minusSeconds(1);

    assertThat(plan.after(tries(1), status(204), NOW, past)).isEqualTo(new Next.Delivered());
    assertThat(plan.after(tries(1), status(500), NOW, past)).isEqualTo(new Next.Exhausted());
  }

  private Duration pause(int attempt, Posted posted) {
    return switch (plan.after(tries(attempt), posted, NOW, FAR)) {
      case Next.Retry(var at, _) -> Duration.between(NOW, at);
      case Next other -> throw new AssertionError(other);
    };
  }

  /// The given attempt after as many counted failures.
  private static Tries tries(int attempt) {
    return new Tries(attempt, attempt - 1, NOW, 0);
  }

  private static Posted status(int status) {
    return wishing(status, Posted.Wish.NONE);
  }

  private static Posted asking(int status, Duration retryAfter) {
    return wishing(status, Posted.Wish.pause(retryAfter));
  }

  private static Posted wishing(int status, Posted.Wish wish) {
    Optional<String> failure = status / 100 == 2 ? Optional.empty() : Optional.of("http");
    return new Posted(status, failure, wish, Duration.ofMillis(3), "");
  }

  private static Duration sec(int seconds) {
    return Duration.ofSeconds(seconds);
  }
}
