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
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
          together(
              locker,
              watcher,
              good,
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
          together(
              locker,
              watcher,
              () -> store.tasks().accept(payer.order("1")),
              List.of(
                  () -> store.tasks().accept(payer.order("3")),
                  () -> store.tasks().accept(before),
                  () -> store.tasks().accept(payer.order("4"))));

      for (Asking accept : together) {
        assertThat(accept.answer()).isInstanceOf(Accepted.Taken.class);
      }
      assertThat(store.tasks().openTasks()).isEqualTo(4);
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
      var _ = line.messages("task");

      List<Asking> together =
          together(
              locker,
              watcher,
              () -> store.tasks().accept(drawing.order("1")),
              List.of(
                  () -> store.tasks().accept(starting.order("5")),
                  () -> store.tasks().accept(drawing.order("1"))));

      for (Asking accept : together) {
        assertThat(accept.answer()).isInstanceOf(Accepted.Taken.class);
      }
      assertThat(store.access().generalBalance(drawing.owner.account()))
          .isEqualTo(Money.ofCredits("97"));
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

  /// One write stands at a lock, so that all that come after it are committed together.
  private static List<Asking> together(
      Connection locker, Connection watcher, Supplier<Object> first, List<Supplier<Object>> rest)
      throws SQLException {
    lockHeads(locker);
    var all = new ArrayList<Asking>();
    all.add(new Asking(first));
    Await.until("the first stands at the lock", SOON, () -> waiting(watcher));
    rest.forEach(write -> all.add(new Asking(write)));
    Await.until("all wait", SOON, () -> all.stream().allMatch(Asking::waits));
    locker.rollback();
    return all;
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
                  clock.instant()));
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

  private static void lockHeads(Connection locker) throws SQLException {
    locker.setAutoCommit(false);
    try (var statement = locker.createStatement()) {
      statement.execute("SELECT 1 FROM head FOR UPDATE");
    }
  }

  private static boolean waiting(Connection watcher) {
    try (var statement = watcher.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND wait_event_type = 'Lock'")) {
      return rows.next();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  /// A thread that writes.
  private static final class Asking {
    private final CompletableFuture<Object> answer = new CompletableFuture<>();
    private final Thread thread;

    Asking(Supplier<Object> write) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  answer.complete(write.get());
                } catch (RuntimeException failure) {
                  answer.completeExceptionally(failure);
                }
              });
    }

    boolean waits() {
      return thread.getState() == Thread.State.WAITING;
    }

    Object answer() throws Exception {
      return answer.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
