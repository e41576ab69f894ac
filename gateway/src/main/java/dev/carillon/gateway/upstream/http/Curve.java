package dev.carillon.gateway.upstream.http;

import java.time.Duration;
import java.util.Arrays;

/// When to ask for a job again, learned from how long jobs really took. Guards itself.
///
/// Before the time by which few have ever ended there is nothing to see; then, until nearly all
/// have ended, it is asked about each second; beyond that ever more rarely. How often in all is
/// bounded by the provider's rate, over all jobs that are in their busy time.
final class Curve {
  /// Somewhat less than a second, so that with the time of the look itself 95 of 100 ends are seen
  /// within one.
  static final Duration LEAST = Duration.ofMillis(800);

  static final Duration MOST = Duration.ofSeconds(30);

  private static final int KEPT = 512;
  private static final int ENOUGH = 20;
  private static final int STALE = 16;

  private final long typical;
  private final long[] samples = new long[KEPT];
  private int count;
  private int next;
  private int fresh;
  private long early;
  private long late;

  Curve(Duration typical) {
    this.typical = Math.max(1, typical.toMillis());
    this.early = this.typical / 4;
    this.late = this.typical * 4;
  }

  /// A job was seen to have ended after this long.
  ///
  /// It ended between the last look that told that it runs and this one. Where it was never seen
  /// running it may have ended long before: were that taken for the time it took, the first look
  /// would come ever later and no sooner end ever be seen; so it counts as less.
  ///
  /// @param running how old it was when it was last seen running; zero when it never was
  synchronized void learn(Duration running, Duration took) {
    long ended = Math.max(0, took.toMillis());
    boolean missed = running.isZero() && ended >= early;
    samples[next] = missed ? ended * 9 / 10 : running.isZero() ? ended : running.toMillis();
    next = (next + 1) % KEPT;
    count = Math.min(KEPT, count + 1);
    fresh++;
    if (count >= ENOUGH && (fresh >= STALE || count == ENOUGH)) {
      long[] sorted = Arrays.copyOf(samples, count);
      Arrays.sort(sorted);
      early = sorted[count / 50];
      late = sorted[Math.min(count - 1, count * 49 / 50)] + LEAST.toMillis();
      fresh = 0;
    }
  }

  /// How long to wait before asking for a job of this age.
  ///
  /// @param least the shortest wait that the provider's rate allows for all open jobs
  synchronized Duration wait(Duration age, Duration least) {
    long old = Math.max(0, age.toMillis());
    long floor = Math.clamp(least.toMillis(), LEAST.toMillis(), MOST.toMillis());
    if (old < early) {
      // The first look falls before the first likely end, and at most so late that a surprise is
      // seen in time.
      return Duration.ofMillis(Math.clamp(early - old, floor, MOST.toMillis()));
    }
    if (old <= late) {
      return Duration.ofMillis(floor);
    }
    return Duration.ofMillis(Math.clamp((old - late) / 8, floor, MOST.toMillis()));
  }
}
