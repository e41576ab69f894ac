package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Many who look for single tasks at once, while the database lets nobody read.
final class LookupsTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int MANY = 40;
  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND wait_event_type = 'Lock' AND query LIKE 'SELECT task.id%'";

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(29));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void they_share_a_few_statements_and_each_hears_of_its_own_task() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      List<TaskId> known = Orders.accepted(store, ids, MANY);
      var unknown = new TaskId(ids.next());
      lock(locker);

      var asked = new ArrayList<Asking>();
      known.forEach(id -> asked.add(new Asking(store, id)));
      var vain = new Asking(store, unknown);
      Await.until("all of them wait", SOON, () -> asked.stream().allMatch(Asking::waits));
      Await.until("the last one waits", SOON, vain::waits);
      Await.until("a statement waits", SOON, () -> waiting(watcher) > 0);
      for (int i = 0; i < MANY; i++) {
        // Has to find a free connection.
        assertThat(store.tasks().openTasks()).isEqualTo(MANY);
      }
      assertThat(waiting(watcher)).isLessThanOrEqualTo(2);
      locker.rollback();

      for (int i = 0; i < MANY; i++) {
        assertThat(asked.get(i).answer().map(Task::id)).contains(known.get(i));
      }
      assertThat(vain.answer()).isEmpty();
    }
  }

  @Test
  void one_that_is_interrupted_breaks_nobody_elses_look() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      List<TaskId> known = Orders.accepted(store, ids, 1);
      lock(locker);
      var first = new Asking(store, known.getFirst());
      Await.until("a look waits", SOON, () -> waiting(watcher) == 1);
      var second = new Asking(store, known.getFirst());
      Await.until("another one waits", SOON, () -> waiting(watcher) == 2);
      var third = new Asking(store, known.getFirst());
      Await.until("the third one waits for them", SOON, third::waits);

      for (var asking : List.of(first, second)) {
        asking.thread.interrupt();
        assertThatThrownBy(asking::answer).isInstanceOf(StoreUnavailableException.class);
      }
      locker.rollback();

      assertThat(third.answer()).isPresent();
    }
  }

  @Test
  void a_row_that_cannot_be_read_is_its_own_askers_trouble() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      List<TaskId> known = Orders.accepted(store, ids, 2);
      TaskId damaged = known.getFirst();
      PostgresBench.execute(
          database, "UPDATE task SET state = 9 WHERE id = '%s'".formatted(damaged.value()));
      lock(locker);
      keepBusy(store, watcher, known.getLast());

      var bad = new Asking(store, damaged);
      var good = new Asking(store, known.getLast());
      Await.until("both wait for the next look", SOON, () -> bad.waits() && good.waits());
      locker.rollback();

      assertThat(good.answer()).isPresent();
      assertThatThrownBy(bad::answer).hasMessageContaining(damaged.toString());
    }
  }

  @Test
  void who_waits_while_the_database_fails_is_told_with_the_others() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var locker = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      List<TaskId> known = Orders.accepted(store, ids, 1);
      lock(locker);
      Asking busy = keepBusy(store, watcher, known.getFirst());
      var late = new Asking(store, known.getFirst());
      Await.until("it waits for the next look", SOON, late::waits);

      // Nobody lets go of the lock: the look that began gives up, and a look of its own would, too.
      assertThatThrownBy(busy::answer).isInstanceOf(StoreUnavailableException.class);
      Duration sooner = PostgresBench.QUICK.lock().dividedBy(2);
      Await.until("it is told without one", sooner, late.found::isDone);
      assertThatThrownBy(late::answer).isInstanceOf(StoreUnavailableException.class);
    }
  }

  /// As many looks under way as may be.
  ///
  /// @return who asked first
  private static Asking keepBusy(PostgresStore store, Connection watcher, TaskId id) {
    var first = new Asking(store, id);
    Await.until("a look waits", SOON, () -> waiting(watcher) == 1);
    var _ = new Asking(store, id);
    Await.until("another one waits", SOON, () -> waiting(watcher) == 2);
    return first;
  }

  private static void lock(Connection locker) throws SQLException {
    locker.setAutoCommit(false);
    try (var statement = locker.createStatement()) {
      statement.execute("LOCK TABLE task IN ACCESS EXCLUSIVE MODE");
    }
  }

  private static int waiting(Connection watcher) {
    try (var statement = watcher.createStatement();
        var rows = statement.executeQuery(WAITING)) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }

  /// A thread that looks for a task.
  private static final class Asking {
    private final CompletableFuture<Optional<Task>> found = new CompletableFuture<>();
    private final Thread thread;

    Asking(PostgresStore store, TaskId id) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  found.complete(store.tasks().find(id));
                } catch (RuntimeException failure) {
                  found.completeExceptionally(failure);
                }
              });
    }

    boolean waits() {
      return thread.getState() == Thread.State.WAITING;
    }

    Optional<Task> answer() throws Exception {
      try {
        return found.get();
      } catch (ExecutionException failure) {
        throw failure.getCause() instanceof Exception cause ? cause : failure;
      }
    }
  }
}
