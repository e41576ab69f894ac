package dev.carillon.gateway.domain;

import java.math.BigDecimal;

/// How fast something may come: a bucket that fills up at a pace.
///
/// @param perThousandSeconds what flows in, in calls a thousand seconds
/// @param burst what the bucket holds, in calls
public record Rate(long perThousandSeconds, int burst) {
  private static final int THOUSAND = 1_000;

  public Rate {
    if (perThousandSeconds < 1 || burst < 1) {
      throw new IllegalArgumentException("a rate needs a pace and a burst of at least 1");
    }
  }

  /// A rate of whole calls a second.
  public static Rate perSecond(int calls, int burst) {
    return new Rate((long) calls * THOUSAND, burst);
  }

  /// A rate given in calls a second.
  ///
  /// @param perSecond more than 0, with at most three decimals
  /// @throws ArithmeticException for more decimals, or far too much
  /// @throws IllegalArgumentException for 0 or less
  public static Rate perSecond(BigDecimal perSecond, int burst) {
    return new Rate(perSecond.movePointRight(3).longValueExact(), burst);
  }

  /// In calls a second, without trailing zeros.
  public BigDecimal perSecond() {
    return new BigDecimal(
        BigDecimal.valueOf(perThousandSeconds, 3).stripTrailingZeros().toPlainString());
  }

  /// How long the bucket takes to be full, in whole seconds, rounded up.
  ///
  /// @param present what it holds
  public long secondsToFill(long present) {
    return Math.ceilDiv((burst - present) * THOUSAND, perThousandSeconds);
  }
}
