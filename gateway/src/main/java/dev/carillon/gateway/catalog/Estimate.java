package dev.carillon.gateway.catalog;

import java.time.Duration;

/// How long something will probably take: half of the cases end by `low`, nine of ten by `high`.
public record Estimate(Duration low, Duration high) {
  public Estimate {
    if (low.isNegative() || high.compareTo(low) < 0) {
      throw new IllegalArgumentException("an estimate runs from low to high, not below zero");
    }
  }
}
