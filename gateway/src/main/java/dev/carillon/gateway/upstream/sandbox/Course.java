package dev.carillon.gateway.upstream.sandbox;

import java.time.Duration;

/// When an order ends, and how far it is until then. Its moments are those of the steady clock.
///
/// @param start when it began; before the clock did, where an earlier process began it
/// @param take how long it takes in full, which its progress goes by
/// @param end when it ends; never for one that hangs
/// @param most the percentage it does not get past
/// @param deadline when it is too late
record Course(Duration start, Duration take, Duration end, int most, Duration deadline) {
  private static final Duration NEVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Duration SHORTEST_STEP = Duration.ofSeconds(1);
  private static final int STEPS = 20;
  private static final int LAST_PERCENT = 99;

  static Course of(Script script, Duration take, Duration start, Duration deadline) {
    boolean hangs = script.end() instanceof Script.Hangs;
    Duration end = hangs ? NEVER : start.plus(end(take, script));
    int most = Math.min(LAST_PERCENT, script.progress().orElse(LAST_PERCENT));
    return new Course(start, take, end, most, deadline);
  }

  private static Duration end(Duration take, Script script) {
    boolean works = script.end() instanceof Script.Works;
    if (script.after().isPresent()) {
      Duration after = script.after().get();
      return works && take.compareTo(after) > 0 ? take : after;
    }
    return script.progress().isPresent() && !works
        ? take.multipliedBy(script.progress().getAsInt()).dividedBy(100)
        : take;
  }

  boolean isUnderWay(Duration now) {
    return now.compareTo(end) < 0;
  }

  boolean isLate(Duration now) {
    return now.compareTo(deadline) >= 0;
  }

  /// From 0 to 99.
  int percent(Duration now) {
    long done = Math.max(0, now.minus(start).toMillis());
    return (int) Math.min(most, done * 100 / Math.max(1, take.toMillis()));
  }

  /// How long until there is news: its end to the moment, or before that progress, about twenty
  /// times and at most each second.
  Duration pause(Duration now) {
    Duration twentieth = take.dividedBy(STEPS);
    Duration step = twentieth.compareTo(SHORTEST_STEP) > 0 ? twentieth : SHORTEST_STEP;
    Duration last = (end.compareTo(deadline) < 0 ? end : deadline).minus(now);
    return percent(now) < most && step.compareTo(last) < 0 ? step : last;
  }
}
