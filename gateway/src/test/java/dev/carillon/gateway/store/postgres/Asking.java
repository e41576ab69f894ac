package dev.carillon.gateway.store.postgres;

import dev.carillon.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A thread that writes.
final class Asking {
  private static final Duration SOON = Duration.ofSeconds(10);

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

  /// One write stands at a lock, so that all that come after it are committed together.
  static List<Asking> together(
      Connection locker, Connection watcher, Supplier<Object> first, List<Supplier<Object>> rest)
      throws SQLException {
    var all = new ArrayList<Asking>();
    all.add(locked(locker, watcher, first));
    rest.forEach(write -> all.add(new Asking(write)));
    Await.until("all wait", SOON, () -> all.stream().allMatch(Asking::waits));
    locker.rollback();
    return all;
  }

  /// A write that stands at a lock, until the locker goes on.
  static Asking locked(Connection locker, Connection watcher, Supplier<Object> write)
      throws SQLException {
    lockHeads(locker);
    var asking = new Asking(write);
    Await.until("it stands at the lock", SOON, () -> waiting(watcher));
    return asking;
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
}
