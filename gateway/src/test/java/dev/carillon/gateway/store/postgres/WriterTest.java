package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Failed;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.Accepted;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/// Writes that are committed together.
final class WriterTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(37));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void what_the_database_refuses_fails_nothing_that_went_with_it() throws Exception {
    Owner owner = Orders.owner(ids);
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      store.tasks().accept(Orders.order(owner, ids));
      Claim claim = store.tasks().claim(1, SOON).getFirst();

      Supplier<Object> good = () -> store.tasks().accept(Orders.order(owner, ids));
      List<Asking> all =
          Asking.together(
              locker,
              watcher,
              stranger(store),
              List.of(good, () -> store.tasks().settle(claim, unwritable()), good, good));
      Asking bad = all.remove(2);

      for (Asking accept : all) {
        assertThat(accept.answer()).isInstanceOf(Accepted.Taken.class);
      }
      assertThatThrownBy(bad::answer).hasRootCauseInstanceOf(PSQLException.class);
      assertThat(store.ready()).isTrue();
    }
  }

  @Test
  void an_order_taken_in_before_is_answered_by_its_task_and_fails_nothing_that_went_with_it()
      throws Exception {
    Payer payer = new Payer("0");
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      payer.open(store);
      Order before = payer.order("2");
      store.tasks().accept(before);

      List<Asking> together =
          Asking.together(
              locker,
              watcher,
              stranger(store),
              List.of(
                  () -> store.tasks().accept(payer.order("1")),
                  () -> store.tasks().accept(payer.order("3")),
                  () -> store.tasks().accept(before),
                  () -> store.tasks().accept(payer.order("4"))));

      for (Asking accept : together) {
        assertThat(accept.answer()).isInstanceOf(Accepted.Taken.class);
      }
      assertThat(store.tasks().openTasks()).isEqualTo(2 + 4);
      assertThat(store.access().generalBalance(payer.owner.account()))
          .isEqualTo(Money.ofCredits("90"));
    }
  }

  @Test
  void accounts_that_nobody_foresaw_have_the_batch_run_again(@TempDir Path folder)
      throws Exception {
    Payer drawing = new Payer("0");
    Payer starting = new Payer("0");
    String behind = PostgresBench.database(folder);
    try (var line = PostgresBench.line();
        var store = line.open(folder, clock, ids);
        var locker = PostgresBench.connect(behind);
        var watcher = PostgresBench.connect(behind)) {
      drawing.open(store);
      starting.open(store);
      store.tasks().accept(drawing.order("1"));
      Supplier<Object> stranger = stranger(store);
      var _ = line.messages("task");

      List<Asking> together =
          Asking.together(
              locker,
              watcher,
              stranger,
              List.of(
                  () -> store.tasks().accept(starting.order("5")),
                  () -> store.tasks().accept(drawing.order("1"))));

      for (Asking accept : together) {
        assertThat(accept.answer()).isInstanceOf(Accepted.Taken.class);
      }
      assertThat(store.access().generalBalance(drawing.owner.account()))
          .isEqualTo(Money.ofCredits("98"));
      assertThat(store.access().generalBalance(starting.owner.account()))
          .isEqualTo(Money.ofCredits("95"));
      // The other batch locks in vain, takes that back, locks all, and writes.
      assertThat(line.messages("task")).containsExactly(2, 4);
      store.tasks().claim(10, SOON).forEach(claim -> store.tasks().settle(claim, failed()));
      assertThat(store.access().generalBalance(starting.owner.account()))
          .isEqualTo(Money.ofCredits("100"));
    } finally {
      PostgresBench.clean(folder);
    }
  }

  @Test
  void a_batch_is_two_messages_once_it_is_known_who_draws_on_an_account(@TempDir Path folder) {
    Payer drawing = new Payer("0");
    Payer own = new Payer("50");
    try (var line = PostgresBench.line();
        var store = line.open(folder, clock, ids)) {
      drawing.open(store);
      own.open(store);

      assertThat(messages(line, store, own)).containsExactly(2);
      assertThat(messages(line, store, drawing)).containsExactly(3);
      assertThat(messages(line, store, drawing)).containsExactly(2);
    } finally {
      PostgresBench.clean(folder);
    }
  }

  private static List<Integer> messages(PostgresBench.Line line, Store store, Payer payer) {
    var _ = line.messages("task");
    store.tasks().accept(payer.order("1"));
    return line.messages("task");
  }

  /// An order of an application that has one already and whose batch none of others may join.
  private Supplier<Object> stranger(PostgresStore store) {
    Owner owner = Orders.owner(ids);
    store.tasks().accept(Orders.order(owner, ids));
    return () -> store.tasks().accept(Orders.order(owner, ids));
  }

  private TaskState failed() {
    Instant now = clock.instant();
    return new Failed(now, now, new Reason(ErrorCode.API_ERROR, "it broke"));
  }

  /// An application with an account of its own, on which there are 100 credits.
  private final class Payer {
    private final Owner owner = Orders.owner(ids);
    private final String own;

    /// @param own what is on the application's own balance
    Payer(String own) {
      this.own = own;
    }

    void open(PostgresStore store) {
      Orders.open(store, owner, own);
    }

    Order order(String credits) {
      return Orders.order(owner, ids, Money.ofCredits(credits));
    }
  }

  /// PostgreSQL takes no NUL in a text.
  private TaskState unwritable() {
    Instant now = clock.instant();
    return new Failed(now, now, new Reason(ErrorCode.API_ERROR, "\0"));
  }
}
