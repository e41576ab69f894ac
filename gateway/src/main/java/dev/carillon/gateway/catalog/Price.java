package dev.carillon.gateway.catalog;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Money;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What success costs.
///
/// @param amount credits for one
/// @param per the request field that multiplies the amount, or empty when one call costs one amount
/// @param free words of the request field `action` that cost nothing
/// @param good the list of the answer whose elements are charged, where fewer came than were
///   ordered; empty when what was ordered is charged
public record Price(Money amount, String per, Set<String> free, String good) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public Price {
    free = Set.copyOf(free);
  }

  public Price(Money amount, String per, Set<String> free) {
    this(amount, per, free, "");
  }

  /// An answer with its cost, where fewer came than were ordered: so many parts of the price that
  /// was held, whatever the catalog says by now.
  public Answer costed(ObjectNode request, Money held, Answer answer) {
    if (good.isEmpty() || held.isZero()) {
      return answer;
    }
    JsonNode came = JSON.readTree(answer.json()).path(good);
    long ordered = units(request);
    return came.isArray() && came.size() < ordered
        ? new Answer(
            answer.json(),
            Optional.of(new Money(Math.multiplyExact(held.micros(), came.size()) / ordered)))
        : answer;
  }

  /// The price of a checked request: nothing for a free action; else never less than one amount,
  /// and parts of a unit count as a whole.
  public Money of(ObjectNode request) {
    if (free.contains(request.path("action").asString(""))) {
      return Money.ZERO;
    }
    return new Money(Math.multiplyExact(amount.micros(), units(request)));
  }

  private long units(ObjectNode request) {
    return per.isEmpty() ? 1 : Math.max(1L, (long) Math.ceil(request.path(per).asDouble(1)));
  }
}
