package dev.carillon.gateway.domain;

import java.math.BigDecimal;

/// An exact amount of credits, kept in millionths of a credit. May be negative in ledger rows.
public record Money(long micros) implements Comparable<Money> {
  private static final int SCALE = 6;

  public static final Money ZERO = new Money(0);

  /// Reads a decimal number of credits such as `0.28`.
  ///
  /// @throws NumberFormatException when it is no decimal number
  /// @throws ArithmeticException when it has more than six decimals or is too large
  public static Money ofCredits(String credits) {
    return new Money(new BigDecimal(credits).movePointRight(SCALE).longValueExact());
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(micros, other.micros));
  }

  public Money minus(Money other) {
    return new Money(Math.subtractExact(micros, other.micros));
  }

  public Money negated() {
    return new Money(Math.negateExact(micros));
  }

  public boolean isZero() {
    return micros == 0;
  }

  public boolean isNegative() {
    return micros < 0;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(micros, other.micros);
  }

  /// Credits as a plain decimal without trailing zeros, such as `0.28`.
  @Override
  public String toString() {
    var credits = BigDecimal.valueOf(micros, SCALE).stripTrailingZeros();
    return credits.scale() < 0 ? credits.setScale(0).toPlainString() : credits.toPlainString();
  }
}
