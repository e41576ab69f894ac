package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Orders; those without a price are of somebody whom the store need not know.
final class Orders {
  private Orders() {}

  static Owner owner(Ids ids) {
    return new Owner(
        new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
  }

  /// The ids of so many new tasks of one owner.
  static List<TaskId> accepted(Store store, Ids ids, int count) {
    Owner owner = owner(ids);
    var accepted = new ArrayList<TaskId>();
    for (int i = 0; i < count; i++) {
      Order order = order(owner, ids);
      store.tasks().accept(order);
      accepted.add(order.id());
    }
    return accepted;
  }

  static Order order(Owner owner, Ids ids) {
    return order(owner, ids, Money.ZERO);
  }

  static Order order(Owner owner, Ids ids, Money price) {
    Instant now = Instant.now();
    return new Order(
        new TaskId(ids.next()),
        owner,
        "midjourney",
        "/midjourney/imagine",
        "imagine",
        "trace",
        now,
        "{}",
        Optional.empty(),
        price,
        now.plusSeconds(60));
  }
}
