package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Which tasks are too late for what.
///
/// @param window how long after the finish-by time a late result counts
record Lateness(InstantSource clock, Duration window) {

  /// Whether a provider may know of a task. One that was offered and that nobody took counts as
  /// queued in its claim, whatever it is shown as.
  static boolean isBegun(Claim claim) {
    return !(claim.task().state() instanceof TaskState.Queued) || claim.upstreamRef().isPresent();
  }

  /// The first moment at which an open task expires as it stands: its start-by time while nobody
  /// has begun, else its finish-by time.
  static Instant first(Claim claim) {
    Instant finishBy = claim.task().order().finishBy();
    return isBegun(claim)
        ? finishBy
        : claim.task().order().terms().startBy().filter(finishBy::isAfter).orElse(finishBy);
  }

  /// Whether a late result is worth waiting for: it would be paid for twice where the caller was
  /// told of the expiry and sent the same again.
  boolean countsLate(Claim claim) {
    return !isTooLate(claim) && !claim.task().order().terms().mayBeRepeated();
  }

  /// When a late result is waited for no longer.
  Instant lastMoment(Claim claim) {
    return claim.task().order().finishBy().plus(window);
  }

  /// Whether a late result is waited for no longer.
  boolean isTooLate(Claim claim) {
    return !clock.instant().isBefore(lastMoment(claim));
  }

  /// Whether it is too late to begin, or to go on after a restart.
  boolean isLateToStart(Claim claim) {
    return isLate(claim) || hasMissedStart(claim);
  }

  boolean hasMissedStart(Claim claim) {
    return !isBegun(claim)
        && claim
            .task()
            .order()
            .terms()
            .startBy()
            .filter(by -> !clock.instant().isBefore(by))
            .isPresent();
  }

  boolean isLate(Claim claim) {
    return !clock.instant().isBefore(claim.task().order().finishBy());
  }
}
