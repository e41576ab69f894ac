package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.store.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Orders; those without a price are of somebody whom the store need not know.
public final class Orders {
  private Orders() {}

  public static Owner owner(Ids ids) {
    return new Owner(
        new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
  }

  /// Makes an owner's account, with 100 credits, and its application.
  ///
  /// @param own the credits on the application's own balance
  static void open(PostgresStore store, Owner owner, String own) {
    store.access().createAccount(owner.account(), Money.ofCredits("100"));
    store
        .access()
        .createApplication(
            new Application(
                owner.application(),
                owner.account(),
                "all",
                Optional.empty(),
                Money.ofCredits(own),
                true,
                false,
                Instant.now()));
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
    return order(owner, ids, price, Optional.empty());
  }

  /// One for nothing whose end is told by a callback.
  public static Order calling(Owner owner, Ids ids) {
    var url = new CallbackUrl("https://caller.example/hook");
    return order(owner, ids, Money.ZERO, Optional.of(url));
  }

  /// One that the database refuses.
  static Order unwritable(Owner owner, Ids ids) {
    return order(owner, ids, Money.ZERO, Optional.empty(), "\0");
  }

  private static Order order(Owner owner, Ids ids, Money price, Optional<CallbackUrl> callback) {
    return order(owner, ids, price, callback, "{}");
  }

  private static Order order(
      Owner owner, Ids ids, Money price, Optional<CallbackUrl> callback, String request) {
    Instant now = Instant.now();
    return new Order(
        new TaskId(ids.next()),
        owner,
        "midjourney",
        "/midjourney/imagine",
        "imagine",
        "trace",
        now,
        request,
        callback,
        price,
        now.plusSeconds(60));
  }
}
