package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Money;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What success costs.
///
/// @param amount credits for one
/// @param per the request field that multiplies the amount, or empty when one call costs one amount
/// @param free words of the request field `action` that cost nothing
public record Price(Money amount, String per, Set<String> free) {
  public Price {
    free = Set.copyOf(free);
  }

  /// The price of a checked request: nothing for a free action; else never less than one amount,
  /// and parts of a unit count as a whole.
  public Money of(ObjectNode request) {
    if (free.contains(request.path("action").asString(""))) {
      return Money.ZERO;
    }
    if (per.isEmpty()) {
      return amount;
    }
    double units = Math.ceil(request.path(per).asDouble(1));
    return new Money(Math.multiplyExact(amount.micros(), Math.max(1L, (long) units)));
  }
}
