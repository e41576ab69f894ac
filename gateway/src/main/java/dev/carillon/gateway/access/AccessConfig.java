package dev.carillon.gateway.access;

import java.time.Duration;

/// How fast callers may be.
///
/// @param create creations of one application
/// @param query reads of one application
/// @param failures wrong tokens from one address
/// @param remembered how long a token's owner is remembered before the store is asked again
/// @param tokens how many tokens are remembered at most, right and wrong ones each
/// @param buckets how many applications and addresses are counted at most, each
public record AccessConfig(
    Rate create, Rate query, Rate failures, Duration remembered, int tokens, int buckets) {

  public static final AccessConfig DEFAULTS =
      new AccessConfig(
          new Rate(200, 400),
          new Rate(2_000, 4_000),
          new Rate(50, 200),
          Duration.ofSeconds(1),
          10_000,
          10_000);

  /// A token bucket.
  ///
  /// @param perSecond what flows in, in calls a second
  /// @param burst what it holds, in calls
  public record Rate(int perSecond, int burst) {
    public Rate {
      if (perSecond < 1 || burst < 1) {
        throw new IllegalArgumentException("a rate needs at least 1 per second and a burst of 1");
      }
    }

    /// How long an empty bucket takes to be full, in whole seconds, rounded up.
    long secondsToFill(long present) {
      return Math.ceilDiv(burst - present, perSecond);
    }
  }
}
