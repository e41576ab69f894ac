package dev.carillon.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/// Sends again what may be sent again: whatever the gateway certainly did not take (429, 503, no
/// connection), and of repeatable calls also what it may have taken. Waits as long as the gateway
/// asks, else twice as long each time, with a part by chance so that many callers spread.
final class RetryingSender implements Sender {
  /// How often a call is sent at most.
  static final int TRIES = 6;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

  /// What is asked for beyond this is left to the caller.
  private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);

  private static final Duration SPREAD = Duration.ofSeconds(1);
  private static final int LIMITED = 429;
  private static final Set<Integer> REFUSED = Set.of(429, 503);
  private static final Set<Integer> PERHAPS_TAKEN = Set.of(500, 502, 504);

  private final Sender next;
  private final Pause pause;
  private final DoubleSupplier chance;
  private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

  /// Waits.
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  /// @param chance from 0 to 1
  RetryingSender(Sender next, Pause pause, DoubleSupplier chance) {
    this.next = next;
    this.pause = pause;
    this.chance = chance;
  }

  @Override
  public Reply send(Call call) throws InterruptedException {
    waitForQuiet();
    for (int sent = 1; ; sent++) {
      Optional<Duration> asked = Optional.empty();
      boolean limited = false;
      try {
        Reply reply = next.send(call);
        limited = reply.status() == LIMITED;
        asked = reply.retryAfter();
        if (sent == TRIES || !isWorthAnother(call, reply) || isTooLong(asked)) {
          return reply;
        }
      } catch (TransportException e) {
        if (sent == TRIES || (e.maybeSent() && !call.repeatable())) {
          throw e;
        }
      }
      Duration own = pauseAfter(sent, asked);
      if (limited) {
        quietUntil.accumulateAndGet(System.nanoTime() + own.toNanos(), RetryingSender::later);
      }
      pause.sleep(own);
    }
  }

  /// One caller that is told to slow down speaks for all: what they would send meanwhile would only
  /// be refused too, and count against the limit. They set off spread over a second.
  private void waitForQuiet() throws InterruptedException {
    long left = quietUntil.get() - System.nanoTime();
    if (left > 0) {
      long spread = Math.round(chance.getAsDouble() * SPREAD.toNanos());
      pause.sleep(Duration.ofNanos(left + spread));
    }
  }

  /// Of two readings of the nano clock, which may be negative.
  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  private static boolean isWorthAnother(Call call, Reply reply) {
    return REFUSED.contains(reply.status())
        || (call.repeatable() && PERHAPS_TAKEN.contains(reply.status()));
  }

  private static boolean isTooLong(Optional<Duration> asked) {
    return asked.filter(duration -> duration.compareTo(LONGEST_ASKED) > 0).isPresent();
  }

  private Duration pauseAfter(int sent, Optional<Duration> asked) {
    long doubled = FIRST_PAUSE.toMillis() << Math.min(sent - 1, 20);
    long most = Math.min(doubled, LONGEST_PAUSE.toMillis());
    long own = Math.round(most * (0.5 + chance.getAsDouble() / 2));
    long floor = asked.map(Duration::toMillis).orElse(0L);
    return Duration.ofMillis(floor == 0 ? own : floor + Math.min(own, 1_000));
  }
}
