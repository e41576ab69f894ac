package dev.carillon.gateway.access;

import dev.carillon.gateway.domain.Rate;
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
          Rate.perSecond(200, 400),
          Rate.perSecond(2_000, 4_000),
          Rate.perSecond(50, 200),
          Duration.ofSeconds(1),
          10_000,
          10_000);
}
