package dev.carillon.gateway.upstream.sandbox;

import java.time.Duration;
import java.time.Instant;

/// When an order ends, and how far it is until then.
///
/// @param start when it began
/// @param take how long it takes in full, which its progress goes by
/// @param end when it ends; never for one that hangs
/// @param most the percentage it does not get past
/// @param deadline when it is too late
record Course(Instant start, Duration take, Instant end, int most, Instant deadline) {
  private static final Duration SHORTEST_STEP = Duration.ofSeconds(1);
  private static final int STEPS = 20;
  private static final int LAST_PERCENT = 99;

  static Course of(Script script, Duration take, Instant start, Instant deadline) {
    boolean hangs = script.end() instanceof Script.Hangs;
    Instant end = hangs ? Instant.MAX : start.plus(end(take, script));
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

  boolean isUnderWay(Instant now) {
    return now.isBefore(end);
  }

  boolean isLate(Instant now) {
    return !now.isBefore(deadline);
  }

  /// From 0 to 99.
  int percent(Instant now) {
    long done = Math.max(0, Duration.between(start, now).toMillis());
    return (int) Math.min(most, done * 100 / Math.max(1, take.toMillis()));
  }

  /// When there is news: its end to the moment, or before that progress, about twenty times and at
  /// most each second.
  Instant next(Instant now) {
    Duration twentieth = take.dividedBy(STEPS);
    Duration step = twentieth.compareTo(SHORTEST_STEP) > 0 ? twentieth : SHORTEST_STEP;
    Instant last = end.isBefore(deadline) ? end : deadline;
    Instant told = percent(now) < most ? now.plus(step) : last;
    return told.isBefore(last) ? told : last;
  }
}
