package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.account.Credential;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Grants;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.DirectoryStore.Labels;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Orders that come while a batch waits for its locks.
final class JoiningTest {
  private static final int MANY = 20;

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(41));
  private final String database = PostgresBench.create();
  private final Owner owner = Orders.owner(ids);

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void they_join_it() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      store.tasks().accept(Orders.order(owner, ids));

      var orders = new ArrayList<>(orders(MANY, owner, "0"));
      // One of another application needs another lock, and must not spoil the batch.
      orders.add(3, Orders.order(Orders.owner(ids), ids));
      assertThat(answers(store, orders)).allMatch(Accepted.Taken.class::isInstance);

      // The other writer may have taken one before.
      assertThat(together(orders)).isGreaterThanOrEqualTo(MANY - 1);
      assertThat(store.tasks().openTasks()).isEqualTo(1 + MANY + 1);
      assertThat(claimed(store)).isEqualTo(1 + MANY + 1);
    }
  }

  @Test
  void one_that_may_need_the_accounts_balance_waits_for_a_batch_that_locks_it() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      Orders.open(store, owner, "10");
      store.tasks().accept(Orders.order(owner, ids));

      List<Object> answers = answers(store, orders(8, owner, "4"));

      assertThat(answers).allMatch(Accepted.Taken.class::isInstance);
      assertThat(store.access().generalBalance(owner.account()))
          .isEqualTo(Money.ofCredits(String.valueOf(100 - (8 * 4 - 10))));
    }
  }

  @Test
  void one_of_a_token_that_spends_for_itself_waits_for_a_batch_that_counts_it() throws Exception {
    var limited = new Owner(owner.account(), owner.application(), new CredentialId(ids.next()));
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      Orders.open(store, owner, "1000");
      limit(store, limited, "10");
      store.tasks().accept(Orders.order(owner, ids));

      var orders = new ArrayList<>(orders(1, owner, "4"));
      orders.addAll(orders(8, limited, "4"));
      List<Object> answers = answers(store, orders);

      assertThat(answers).filteredOn(Accepted.Taken.class::isInstance).hasSize(1 + 2);
      assertThat(answers).filteredOn(Accepted.OverLimit.class::isInstance).hasSize(6);
    }
  }

  @Test
  void one_that_was_taken_in_before_has_the_batch_run_again_and_pays_once() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      Orders.open(store, owner, "100");
      Order before = Orders.order(owner, ids, Money.ofCredits("4"));
      store.tasks().accept(before);

      var orders = new ArrayList<>(orders(8, owner, "4"));
      orders.add(5, before);

      assertThat(answers(store, orders)).allMatch(Accepted.Taken.class::isInstance);
      assertThat(together(orders)).isGreaterThanOrEqualTo(orders.size() - 2);
      assertThat(store.tasks().openTasks()).isEqualTo(1 + 8);
      assertThat(store.access().application(owner.application()).orElseThrow().balance())
          .isEqualTo(Money.ofCredits(String.valueOf(100 - 9 * 4)));
    }
  }

  @Test
  void one_that_the_database_refuses_fails_no_other() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      store.tasks().accept(Orders.order(owner, ids));

      var orders = new ArrayList<>(orders(8, owner, "0"));
      orders.add(5, Orders.unwritable(owner, ids));
      List<Object> answers = answers(store, orders);

      assertThat(answers).filteredOn(Accepted.Taken.class::isInstance).hasSize(8);
      assertThat(answers.get(5)).isInstanceOf(ExecutionException.class);
      assertThat(store.tasks().openTasks()).isEqualTo(1 + 8);
      assertThat(claimed(store)).isEqualTo(1 + 8);
    }
  }

  @Test
  void a_change_of_a_tokens_limit_waits_for_the_batch_that_spends_by_the_old_one()
      throws Exception {
    var limited = new Owner(owner.account(), owner.application(), new CredentialId(ids.next()));
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      Orders.open(store, owner, "1000");
      limit(store, limited, "10");
      store.tasks().accept(Orders.order(owner, ids));

      Credential less = credential(limited, "5");
      var change =
          Asking.locked(
              locker, watcher, () -> store.directory().changeCredential(less, Labels.NONE));

      assertThat(change.waits()).isTrue();
      locker.rollback();
      assertThat(change.answer()).isEqualTo(true);
    }
  }

  private List<Order> orders(int count, Owner of, String credits) {
    return IntStream.range(0, count)
        .mapToObj(_ -> Orders.order(of, ids, Money.ofCredits(credits)))
        .toList();
  }

  /// What becomes of orders of which the first stands at a lock when the others come.
  private List<Object> answers(PostgresStore store, List<Order> orders) throws Exception {
    List<Supplier<Object>> writes =
        orders.stream().<Supplier<Object>>map(order -> () -> store.tasks().accept(order)).toList();
    try (var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      List<Asking> all =
          Asking.together(
              locker, watcher, writes.getFirst(), List.copyOf(writes.subList(1, writes.size())));
      var answers = new ArrayList<Object>();
      for (Asking asking : all) {
        answers.add(answer(asking));
      }
      return answers;
    }
  }

  private static Object answer(Asking asking) throws Exception {
    try {
      return asking.answer();
    } catch (ExecutionException refused) {
      return refused;
    }
  }

  /// How many of these were committed together with the first.
  private int together(List<Order> orders) throws SQLException {
    try (var connection = PostgresBench.connect(database);
        var statement =
            connection.prepareStatement(
                "SELECT count(*) FROM task WHERE xmin = (SELECT xmin FROM task WHERE id = ?)")) {
      statement.setObject(1, orders.getFirst().id().value());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    }
  }

  private static int claimed(PostgresStore store) throws InterruptedException {
    return store.tasks().claim(10 * MANY, Duration.ofSeconds(10)).size();
  }

  private void limit(PostgresStore store, Owner of, String credits) {
    store.access().createCredential(credential(of, credits));
  }

  private Credential credential(Owner of, String credits) {
    return new Credential(
        of.credential(),
        of.application(),
        "limited",
        "h4sh",
        "tok_",
        Optional.empty(),
        false,
        clock.instant(),
        Grants.ALL,
        Optional.of(Money.ofCredits(credits)));
  }
}
