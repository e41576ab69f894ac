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
    return claim.task().state() instanceof TaskState.Queued
        && claim.upstreamRef().isEmpty()
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
