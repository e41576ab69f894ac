package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Limits;
import dev.carillon.gateway.domain.Limits.Ceiling;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import dev.carillon.testkit.HandClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Applications that share a gateway, with a real store, and the tasks that they order.
final class Customers implements AutoCloseable {
  private static final Duration LONG = Duration.ofHours(5);

  final HandClock clock = new HandClock();
  private final Ids ids = new Ids(clock, new Random(1));
  private final AccountId account = new AccountId(ids.next());
  private final Path file;
  Store store;

  /// One that orders much, and one that orders little.
  final ApplicationId heavy;

  final ApplicationId light;

  Customers(Path folder) {
    file = folder.resolve("c.db");
    store = opened();
    store.access().createAccount(account, Money.ZERO);
    heavy = application("heavy");
    light = application("light");
  }

  private Store opened() {
    return SqliteStore.open(file, SqliteConfig.defaults(), clock, ids);
  }

  void reopen() {
    store.close();
    store = opened();
  }

  @Override
  public void close() {
    store.close();
  }

  ApplicationId application(String name) {
    var id = new ApplicationId(ids.next());
    store
        .access()
        .createApplication(
            new Application(
                id, account, name, Optional.empty(), Money.ZERO, true, false, clock.instant()));
    return id;
  }

  void limit(ApplicationId id, Optional<Integer> running, Optional<Integer> weight) {
    store.limits().set(id, new Limits(Ceiling.NONE, Optional.empty(), running, weight, Map.of()));
  }

  /// @param time until when it has to be finished
  TaskId accept(ApplicationId owner, Duration time) {
    var id = new TaskId(ids.next());
    store
        .tasks()
        .accept(
            new Order(
                id,
                new Owner(account, owner, new CredentialId(ids.next())),
                "midjourney",
                "/midjourney/imagine",
                "imagine",
                "t-" + id,
                clock.instant(),
                "{}",
                Optional.empty(),
                Money.ZERO,
                clock.instant().plus(time)));
    return id;
  }

  void accept(ApplicationId owner, int count) {
    for (int i = 0; i < count; i++) {
      accept(owner, LONG);
    }
  }
}
