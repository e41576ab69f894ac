package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.callback.Dispatch.Tries;
import dev.carillon.gateway.domain.callback.Receipt.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// Decides what follows an attempt. Pure but for the jitter, which only ever makes a pause longer,
/// so the published pauses stay true as minimums.
final class RetryPlan {
  private static final double JITTER_SHARE = 0.2;
  private static final Duration LEAST_JITTER = Duration.ofSeconds(1);
  private static final Duration MOST_JITTER = Duration.ofMinutes(30);
  private static final Duration OURS_LEAST = Duration.ofSeconds(5);
  private static final Duration OURS_SPREAD = Duration.ofSeconds(55);

  private final List<Duration> pauses;
  private final RandomGenerator random;

  /// @param random must be safe for many threads
  RetryPlan(List<Duration> pauses, RandomGenerator random) {
    this.pauses = List.copyOf(pauses);
    this.random = random;
  }

  /// What follows. Our own faults use up neither the attempts nor the deadline; only the removal of
  /// the old task ends them. Neither does a 429 that says when to come again, a few times.
  ///
  /// @param tries how often it was tried, this attempt included in its number alone
  /// @param now when it ended
  /// @param deadline no attempt is planned after this
  Next after(Tries tries, Posted posted, Instant now, Instant deadline) {
    if (posted.failure().isEmpty()) {
      return new Next.Delivered();
    }
    if (posted.blocked()) {
      return new Next.Blocked();
    }
    if (posted.ours()) {
      return new Next.Retry(now.plus(OURS_LEAST).plus(fractionOf(OURS_SPREAD)), false);
    }
    if (posted.status() == 410 || posted.wish().disable()) {
      return new Next.Gone();
    }
    boolean counted = !isFree(tries, posted);
    if (posted.wish().abort() || (counted && tries.failures() >= pauses.size())) {
      return new Next.Exhausted();
    }
    Duration pause = longer(planned(tries.failures()), wished(posted));
    Instant at = now.plus(pause).plus(fractionOf(window(pause)));
    return at.isAfter(deadline) ? new Next.Exhausted() : new Next.Retry(at, counted);
  }

  private Duration planned(int failures) {
    return pauses.isEmpty() ? Duration.ZERO : pauses.get(Math.min(failures, pauses.size() - 1));
  }

  private static boolean isFree(Tries tries, Posted posted) {
    int uncounted = tries.attempt() - 1 - tries.failures();
    return posted.status() == 429
        && posted.wish().retryAfter().isPresent()
        && uncounted < DeliveryConfig.FREE_ATTEMPTS;
  }

  private static Duration wished(Posted posted) {
    int status = posted.status();
    boolean overloaded = status == 429 || status == 502 || status == 504 || posted.timedOut();
    return posted.pauseAsked().orElse(overloaded ? DeliveryConfig.OVERLOAD_PAUSE : Duration.ZERO);
  }

  private Duration fractionOf(Duration window) {
    return Duration.ofMillis(random.nextLong(window.toMillis() + 1));
  }

  private static Duration window(Duration pause) {
    Duration share = Duration.ofMillis((long) (pause.toMillis() * JITTER_SHARE));
    return shorter(longer(share, LEAST_JITTER), MOST_JITTER);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
