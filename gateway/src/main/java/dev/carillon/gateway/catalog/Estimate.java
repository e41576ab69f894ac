package dev.carillon.gateway.catalog;

import java.time.Duration;

/// How long something will probably take: half of the cases end by `low`, nine of ten by `high`.
public record Estimate(Duration low, Duration high) {
  public Estimate {
    if (low.isNegative() || high.compareTo(low) < 0) {
      throw new IllegalArgumentException("an estimate runs from low to high, not below zero");
    }
  }

  /// The same for something that runs so many times faster.
  public Estimate faster(double times) {
    return new Estimate(divided(low, times), divided(high, times));
  }

  private static Duration divided(Duration whole, double by) {
    return Duration.ofMillis((long) (whole.toMillis() / by));
  }
}
