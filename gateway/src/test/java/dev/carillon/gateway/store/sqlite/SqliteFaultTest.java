package dev.carillon.gateway.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.Application;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/// What the SQLite store does when its file, its disk or one of its verbs fails, and when it is
/// full.
final class SqliteFaultTest {
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  private final Ids ids = new Ids(CLOCK, new Random(1));
  private final Owner owner =
      new Owner(
          new AccountId(ids.next()), new ApplicationId(ids.next()), new CredentialId(ids.next()));
  private final List<SqliteStore> opened = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path folder;

  @AfterEach
  void close_all() {
    opened.forEach(SqliteStore::close);
  }

  private SqliteStore open(SqliteConfig config) {
    var store = SqliteStore.open(folder.resolve("c.db"), config, CLOCK, ids);
    opened.add(store);
    return store;
  }

  private Order order() {
    return order("{}");
  }

  private Order order(String request) {
    return order(request, Money.ZERO);
  }

  private Order order(String request, Money price) {
    Instant now = CLOCK.instant();
    return new Order(
        new TaskId(ids.next()),
        owner,
        "s",
        "/s/t",
        "t",
        "trace",
        now,
        request,
        Optional.of(new CallbackUrl("dummy")),
        price,
        now);
  }

  @Test
  void a_second_owner_is_refused_with_the_name_of_the_file() {
    SqliteStore first = open(SqliteConfig.defaults());

    assertThatThrownBy(() -> open(SqliteConfig.defaults()))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining(folder.resolve("c.db").toString())
        .hasMessageContaining("another process");

    first.close();
    assertThat(open(SqliteConfig.defaults()).ready()).isTrue();
  }

  @Test
  void a_file_of_a_newer_version_is_refused() throws SQLException {
    SqliteStore store = open(SqliteConfig.defaults());
    store.close();
    var source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("c.db"));
    assertThat(Migrations.version(source)).isEqualTo(Migrations.NEWEST);
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 99");
    }

    assertThatThrownBy(() -> open(SqliteConfig.defaults())).hasMessageContaining("newer");
  }

  @Test
  void a_verb_that_fails_harms_no_other_of_its_batch() throws Exception {
    SqliteStore store = open(SqliteConfig.defaults());
    var gate = new CountDownLatch(1);
    var blocked = run(() -> store.writer().run(new Act<>(_ -> await(gate))));
    var accepted = new ArrayList<Thread>();
    var taken = new ArrayList<Accepted>();
    for (int i = 0; i < 5; i++) {
      Order order = order();
      accepted.add(
          run(() -> {
            Accepted result = store.tasks().accept(order);
            synchronized (taken) {
              taken.add(result);
            }
          }));
    }
    var failures = new ArrayList<Throwable>();
    var bad =
        run(() -> {
          try {
            store.writer().run(new Act<>(transaction -> transaction.sql("nonsense").update()));
          } catch (StoreUnavailableException expected) {
            failures.add(expected);
          }
        });
    gate.countDown();
    for (Thread thread : accepted) {
      thread.join();
    }
    bad.join();
    blocked.join();

    assertThat(failures).hasSize(1);
    assertThat(taken).hasSize(5).allMatch(Accepted.Taken.class::isInstance);
    assertThat(store.tasks().openTasks()).isEqualTo(5);
    assertThat(store.ready()).isTrue();
    assertThat(claim(store, 10)).hasSize(5);
  }

  @Test
  void creating_what_exists_beside_others_that_spend_loses_nothing() throws Exception {
    SqliteStore store = open(SqliteConfig.defaults());
    var app = owner.application();
    store.access().createAccount(owner.account(), Money.ZERO);
    store.access().createApplication(application(app));
    var gate = new CountDownLatch(1);
    var blocked = run(() -> store.writer().run(new Act<>(_ -> await(gate))));
    var inOneBatch = new ArrayList<Thread>();
    for (int i = 0; i < 5; i++) {
      Order order = order("{}", new Money(1));
      inOneBatch.add(run(() -> store.tasks().accept(order)));
      inOneBatch.add(run(() -> store.access().createApplication(application(app))));
    }
    gate.countDown();
    blocked.join();
    for (Thread thread : inOneBatch) {
      thread.join();
    }

    assertThat(store.access().application(app).orElseThrow().balance()).isEqualTo(new Money(95));
    assertThat(store.access().held()).isEqualTo(new Money(5));
  }

  private Application application(ApplicationId id) {
    return new Application(
        id, owner.account(), "a", Optional.of("s"), new Money(100), false, false, CLOCK.instant());
  }

  @Test
  void a_file_that_cannot_be_written_is_told_and_the_store_recovers_by_itself() throws Exception {
    SqliteStore store = open(SqliteConfig.defaults());
    Order before = order();
    Order refused = order();
    store.tasks().accept(before);

    whileUnwritable(
        store,
        () -> {
          assertThatThrownBy(() -> store.tasks().accept(refused))
              .isInstanceOf(StoreUnavailableException.class);
          assertThat(store.ready()).isFalse();
          assertThat(store.tasks().find(before.id())).isPresent();
          assertThat(store.tasks().find(refused.id())).isEmpty();
          assertThat(store.tasks().openTasks()).isEqualTo(1);
        });

    assertThat(store.tasks().accept(refused)).isInstanceOf(Accepted.Taken.class);
    assertThat(claim(store, 5)).hasSize(2);
  }

  @Test
  void an_attempt_that_cannot_be_stored_is_not_made_again_while_it_may_still_be() throws Exception {
    SqliteStore store = open(SqliteConfig.defaults());
    store.tasks().accept(order());
    store.tasks().settle(claim(store, 1).getFirst(), failed());
    Dispatch dispatch = dispatches(store).getFirst();
    var delivered =
        new Receipt(
            CLOCK.instant(),
            Duration.ZERO,
            200,
            Optional.empty(),
            "",
            new Receipt.Next.Delivered());

    whileUnwritable(
        store,
        () ->
            assertThatThrownBy(() -> store.deliveries().recordAttempt(dispatch, delivered))
                .isInstanceOf(StoreUnavailableException.class));

    assertThat(dispatches(store)).isEmpty();
    store.deliveries().recordAttempt(dispatch, delivered);
    assertThat(store.deliveries().pendingDeliveries()).isZero();
  }

  private static List<Dispatch> dispatches(SqliteStore store) throws InterruptedException {
    return store.deliveries().claimDeliveries(_ -> 1_000, 100, NO_WAIT);
  }

  /// Runs something while another process holds the file, then waits until the store may write.
  private void whileUnwritable(SqliteStore store, Runnable act) throws SQLException {
    var source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + folder.resolve("c.db"));
    try (var connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      act.run();
      statement.execute("ROLLBACK");
    }
    Await.until("it can be written to", Duration.ofSeconds(10), store::ready);
  }

  @Test
  void a_full_disk_fails_the_write_and_not_the_store() {
    SqliteStore store = open(SqliteConfig.defaults());
    Order big = order("{\"prompt\":\"" + "x".repeat(1 << 20) + "\"}");
    long pages = pages(store);
    limit(store, pages);

    assertThatThrownBy(() -> store.tasks().accept(big))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(store.tasks().find(big.id())).isEmpty();
    assertThat(store.tasks().openTasks()).isZero();

    limit(store, pages + 10_000);
    assertThat(store.tasks().accept(big)).isInstanceOf(Accepted.Taken.class);
    assertThat(claim(store, 5)).hasSize(1);
  }

  private static long pages(SqliteStore store) {
    return store
        .writer()
        .run(new Act<>(transaction -> transaction.sql("PRAGMA page_count").one(Row::number)))
        .orElseThrow();
  }

  private static void limit(SqliteStore store, long pages) {
    store
        .writer()
        .run(
            new Act<>(transaction ->
                transaction.sql("PRAGMA max_page_count = " + pages).one(Row::number)));
  }

  @Test
  void too_many_open_tasks_are_refused_and_room_comes_back() {
    SqliteStore store = open(SqliteConfig.defaults().withOpenTasks(2));
    store.tasks().accept(order());
    store.tasks().accept(order());

    assertThat(store.tasks().accept(order())).isEqualTo(new Accepted.Full());
    store.tasks().settle(claim(store, 1).getFirst(), failed());
    assertThat(store.tasks().accept(order())).isInstanceOf(Accepted.Taken.class);
    assertThat(store.tasks().accept(order())).isEqualTo(new Accepted.Full());
  }

  @Test
  void too_many_waiting_writes_are_refused_at_once() throws Exception {
    SqliteStore store = open(SqliteConfig.defaults().withWaitingVerbs(1));
    var gate = new CountDownLatch(1);
    var running = new CountDownLatch(1);
    var blocked =
        run(() ->
            store
                .writer()
                .run(
                    new Act<>(_ -> {
                      running.countDown();
                      return await(gate);
                    })));
    running.await();
    var waiting = run(() -> store.tasks().accept(order()));
    while (store.ready()) {
      LockSupport.parkNanos(100_000);
    }

    assertThat(store.tasks().accept(order())).isEqualTo(new Accepted.Full());
    assertThatThrownBy(() ->
            store.tasks().cancel(new TaskId(ids.next()), owner.application(), CLOCK.instant()))
        .isInstanceOf(StoreUnavailableException.class);
    gate.countDown();
    waiting.join();
    blocked.join();
    assertThat(store.tasks().openTasks()).isEqualTo(1);
  }

  @Test
  void what_finds_no_room_in_memory_is_found_in_the_file() throws Exception {
    SqliteStore store = open(SqliteConfig.defaults().withWaitingInMemory(1, 2));
    int tasks = 700;
    for (int i = 0; i < tasks; i++) {
      store.tasks().accept(order());
    }
    var ended = new ArrayList<Task>();
    List<Claim> claims = claim(store, tasks);
    for (Claim claim : claims) {
      ended.add(store.tasks().settle(claim, failed()).orElseThrow());
    }

    var dispatched = new ArrayList<Task>();
    List<Dispatch> some = dispatches(store);
    while (!some.isEmpty()) {
      some.forEach(dispatch -> dispatched.add(dispatch.task()));
      some = dispatches(store);
    }

    assertThat(claims).hasSize(tasks);
    assertThat(dispatched).hasSize(tasks);
    assertThat(new HashSet<>(dispatched)).isEqualTo(new HashSet<>(ended));
  }

  @Test
  void after_close_every_verb_is_refused_and_closing_again_is_harmless() {
    SqliteStore store = open(SqliteConfig.defaults());
    store.close();
    store.close();

    assertThat(store.ready()).isFalse();
    assertThatThrownBy(() -> store.tasks().accept(order()))
        .isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(() -> store.tasks().find(new TaskId(ids.next())))
        .isInstanceOf(StoreUnavailableException.class);
    assertThat(store.tasks().openTasks()).isZero();
  }

  private static TaskState failed() {
    Instant now = CLOCK.instant();
    return new TaskState.Cancelled(Optional.empty(), now);
  }

  private static List<Claim> claim(SqliteStore store, int max) {
    try {
      return store.tasks().claim(max, NO_WAIT);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private static Thread run(Runnable act) {
    return Thread.ofVirtual().start(act);
  }

  private static boolean await(CountDownLatch gate) {
    try {
      gate.await();
      return true;
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}
