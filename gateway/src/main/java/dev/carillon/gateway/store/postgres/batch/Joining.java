package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.HashMap;
import java.util.Map;

/// Tells which orders may still join a batch that has its locks: those that need nothing locked or
/// looked for beside what that was. Of one writer's thread, before anything is decided.
final class Joining {
  private final Needs needs;
  private final Purses purses;
  private final Map<ApplicationId, Long> wanted = new HashMap<>();

  Joining(Needs needs, Purses purses) {
    this.needs = needs;
    this.purses = purses;
    needs.holding.forEach(this::want);
  }

  private long want(Order order) {
    return wanted.merge(order.owner().application(), order.price().micros(), Long::sum);
  }

  /// Whether a verb may join; one that may is taken to do so.
  boolean fits(Verb<?> verb) {
    return verb instanceof Accept accept
        && accept.key().isEmpty()
        && needs.heads.contains(accept.order().owner().application())
        && paid(accept.order());
  }

  private boolean paid(Order order) {
    return order.price().equals(Money.ZERO)
        || (needs.spendings.containsKey(order.owner().credential())
            && purses.decides(order.owner(), want(order)));
  }
}
