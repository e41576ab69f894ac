package dev.carillon.gateway.upstream.passthrough;

import dev.carillon.gateway.domain.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// What a model costs: a fixed part for each call, and prices for a million units of what it used.
///
/// @param request credits a call
/// @param input credits a million tokens sent
/// @param output credits a million tokens that came back
/// @param characters credits a million characters read aloud
public record Tariff(Money request, Money input, Money output, Money characters) {
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /// The price of a usage, rounded up to a millionth of a credit.
  public Money price(Usage usage) {
    BigDecimal micros =
        share(input, usage.input())
            .add(share(output, usage.output()))
            .add(share(characters, usage.characters()))
            .setScale(0, RoundingMode.CEILING);
    return request.plus(new Money(micros.longValueExact()));
  }

  private static BigDecimal share(Money perMillion, long units) {
    return BigDecimal.valueOf(perMillion.micros())
        .multiply(BigDecimal.valueOf(units))
        .divide(MILLION);
  }
}
