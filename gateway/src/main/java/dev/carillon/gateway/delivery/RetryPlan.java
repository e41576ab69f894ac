package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.Receipt.Next;
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
  private static final Duration LEAST_PUT_OFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_PUT_OFF = Duration.ofMinutes(2);
  private static final Duration OURS_SPREAD = Duration.ofSeconds(55);

  private final List<Duration> pauses;
  private final RandomGenerator random;

  /// @param random must be safe for many threads
  RetryPlan(List<Duration> pauses, RandomGenerator random) {
    this.pauses = List.copyOf(pauses);
    this.random = random;
  }

  /// What follows. Our own faults use up neither the attempts nor the deadline; only the removal of
  /// the old task ends them.
  ///
  /// @param charged which attempt this was, from 1, those not counted that failed by our own fault
  /// @param now when it ended
  /// @param deadline no attempt is planned after this
  Next after(int charged, Posted posted, Instant now, Instant deadline) {
    if (posted.failure().isEmpty()) {
      return new Next.Delivered();
    }
    if (posted.blocked()) {
      return new Next.Blocked();
    }
    if (posted.ours()) {
      return new Next.Retry(now.plus(OURS_LEAST).plus(fractionOf(OURS_SPREAD)));
    }
    if (posted.status() == 410 || charged > pauses.size()) {
      return new Next.Exhausted();
    }
    Duration pause = longer(pauses.get(charged - 1), wished(posted));
    return retry(now.plus(pause).plus(fractionOf(window(pause))), deadline);
  }

  /// Puts a delivery off that was not tried, because too many wait for its destination.
  ///
  /// @param backlog how long those before it will take; at most two minutes of it are waited, as a
  ///   receiver may recover
  Next putOff(Duration backlog, Instant now) {
    Duration least = shorter(longer(LEAST_PUT_OFF, backlog), LONGEST_PUT_OFF);
    return new Next.Retry(now.plus(least).plus(fractionOf(window(least))));
  }

  private static Duration wished(Posted posted) {
    int status = posted.status();
    boolean mayAsk = status == 429 || status == 503;
    if (mayAsk && posted.retryAfter().isPresent()) {
      return shorter(posted.retryAfter().get(), DeliveryConfig.LONGEST_RETRY_AFTER);
    }
    boolean overloaded = status == 429 || status == 502 || status == 504 || posted.timedOut();
    return overloaded ? DeliveryConfig.OVERLOAD_PAUSE : Duration.ZERO;
  }

  private static Next retry(Instant at, Instant deadline) {
    return at.isAfter(deadline) ? new Next.Exhausted() : new Next.Retry(at);
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
