package dev.carillon.gateway.access;

import dev.carillon.gateway.domain.Rate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How a caller stands with one limit, as headers in the form of
/// draft-ietf-httpapi-ratelimit-headers-10 say it.
///
/// @param policy the limit: of a rate, what its bucket holds and how long an empty one takes to be
///   full; of open tasks, how many there may be
/// @param state what is left of it, and of a rate how long it takes to be whole again
record Standing(String policy, String state) {
  static final String POLICY = "RateLimit-Policy";
  static final String STATE = "RateLimit";

  static Standing of(String name, Rate rate, long present) {
    return new Standing(
        '"' + name + "\";q=" + rate.burst() + ";w=" + rate.secondsToFill(0),
        '"' + name + "\";r=" + present + ";t=" + rate.secondsToFill(present));
  }

  /// Of open tasks. When the next one ends nobody knows, so no time is told.
  static Standing open(String name, int most, int open) {
    return new Standing(
        '"' + name + "\";q=" + most + ";qu=\"concurrent-requests\"",
        '"' + name + "\";r=" + Math.max(0, most - open));
  }

  static Map<String, String> headers(List<Standing> all) {
    return Map.of(
        POLICY,
        all.stream().map(Standing::policy).collect(Collectors.joining(", ")),
        STATE,
        all.stream().map(Standing::state).collect(Collectors.joining(", ")));
  }
}
