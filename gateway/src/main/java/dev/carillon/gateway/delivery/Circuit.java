package dev.carillon.gateway.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Whether a destination is tried at all. After five sick attempts without a good one between them,
/// or 32 failed ones of either kind, it is open for a while, and nothing is sent; then half open,
/// and one attempt goes as a probe; what comes of it closes the circuit or opens it for twice as
/// long.
///
/// A receiver that answers 500 is there and costs little, and it may be that each delivery fails
/// once: probing them one by one would hold back the good ones, so many more are let through.
///
/// Not safe for several threads; [Seats] guards it. Times are those of one clock in nanoseconds.
final class Circuit {
  static final int SICK = 5;
  static final int FAILED = 32;
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

  private static final double SPREAD = 0.1;

  private final Duration firstPause;
  private final RandomGenerator random;
  private State state = State.CLOSED;
  private int sick; // since the last good one
  private int failed; // the sick ones included
  private int openings; // in a row
  private int generation; // what began in an earlier one says nothing any more
  private long openUntil;
  private boolean probing;

  private enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  /// What an attempt changed.
  enum Change {
    NONE,
    OPENED,
    CLOSED
  }

  /// @param firstPause how long it stays open at first
  Circuit(Duration firstPause, RandomGenerator random) {
    this.firstPause = firstPause;
    this.random = random;
  }

  /// How many may go at most: none, one probe, or any number.
  int room(long now) {
    if (state == State.OPEN && now - openUntil >= 0) {
      state = State.HALF_OPEN;
    }
    return switch (state) {
      case CLOSED -> Integer.MAX_VALUE;
      case OPEN -> 0;
      case HALF_OPEN -> probing ? 0 : 1;
    };
  }

  /// An attempt begins that [#room] let through; gives what it has to bring back.
  int begin() {
    probing = state == State.HALF_OPEN;
    return generation;
  }

  /// An attempt ended.
  ///
  /// @param begun what [#begin] gave
  Change end(Posted.Sign sign, int begun, long now) {
    if (begun != generation) {
      return Change.NONE;
    }
    probing = false;
    return switch (sign) {
      case NONE -> Change.NONE;
      case ALIVE -> alive();
      case FAILING -> failing(0, now);
      case SICK -> failing(1, now);
    };
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  private Change alive() {
    sick = 0;
    failed = 0;
    if (state == State.CLOSED) {
      return Change.NONE;
    }
    state = State.CLOSED;
    openings = 0;
    generation++;
    return Change.CLOSED;
  }

  private Change failing(int more, long now) {
    failed++;
    sick += more;
    boolean was = closed();
    if (was && sick < SICK && failed < FAILED) {
      return Change.NONE;
    }
    state = State.OPEN;
    openUntil = now + pause();
    openings++;
    generation++;
    return was ? Change.OPENED : Change.NONE;
  }

  private long pause() {
    long doubled = firstPause.toNanos() << Math.min(openings, 10);
    double spread = 1 + SPREAD * (2 * random.nextDouble() - 1);
    return (long) (Math.min(doubled, LONGEST_PAUSE.toNanos()) * spread);
  }
}
