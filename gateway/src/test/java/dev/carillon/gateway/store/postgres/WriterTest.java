package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.TaskState.Failed;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/// Writes that are committed together.
final class WriterTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final int GOOD = 5;

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

      // One write stands at a lock, so all that come after it are committed together.
      lockHeads(locker);
      var first = new Asking(() -> store.tasks().accept(Orders.order(owner, ids)));
      Await.until("the first stands at the lock", SOON, () -> waiting(watcher));
      var bad = new Asking(() -> store.tasks().settle(claim, unwritable()));
      var good = new ArrayList<Asking>();
      for (int i = 0; i < GOOD; i++) {
        good.add(new Asking(() -> store.tasks().accept(Orders.order(owner, ids))));
      }
      Await.until("all wait", SOON, () -> bad.waits() && good.stream().allMatch(Asking::waits));
      locker.rollback();

      assertThat(first.answer()).isInstanceOf(Accepted.Taken.class);
      for (Asking accept : good) {
        assertThat(accept.answer()).isInstanceOf(Accepted.Taken.class);
      }
      assertThatThrownBy(bad::answer).hasRootCauseInstanceOf(PSQLException.class);
      assertThat(store.ready()).isTrue();
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
