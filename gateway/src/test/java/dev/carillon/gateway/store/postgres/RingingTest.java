package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState.Failed;
import dev.carillon.testkit.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// How often a node under load tells the others, which wakes all of them.
final class RingingTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final long LOAD_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMillis(40).toNanos();

  /// More than come before the pauses have grown, and than those that greet.
  private static final int BEFORE = 6;

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(31));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @ParameterizedTest
  @CsvSource({"PT0S", "PT0.015S"})
  void it_tells_seldom_while_there_is_always_something_to_tell(Duration apart) throws Exception {
    try (var busy = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var other = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var ear = PostgresBench.connect(database)) {
      assertThat(other.node()).isNotEqualTo(busy.node());
      listen(ear);

      long begin = System.nanoTime();
      for (long at = begin; System.nanoTime() - begin < LOAD_NANOS; at += apart.toNanos()) {
        LockSupport.parkNanos(at - System.nanoTime());
        end(busy);
      }
      TaskId last = end(busy);
      long took = System.nanoTime() - begin;

      assertThat(untilToldOf(last, ear, busy))
          .hasSizeLessThanOrEqualTo(BEFORE + (int) (took / PAUSE_NANOS));
    }
  }

  @Test
  void it_tells_what_is_left_when_it_stops() throws Exception {
    try (var other = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var ear = PostgresBench.connect(database)) {
      var busy = PostgresStore.open(PostgresBench.config(database), clock, ids);
      assertThat(other.node()).isNotEqualTo(busy.node());
      listen(ear);
      TaskId last = end(busy);
      for (int i = 0; i < 10; i++) {
        last = end(busy);
      }

      busy.close();

      assertThat(untilToldOf(last, ear, busy)).isNotEmpty();
    }
  }

  @Test
  void it_tells_of_ends_and_not_of_what_nobody_else_can_know_yet() throws Exception {
    try (var busy = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var other = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var ear = PostgresBench.connect(database)) {
      assertThat(other.node()).isNotEqualTo(busy.node());
      listen(ear);

      TaskId ended = end(busy);
      List<TaskId> open = Orders.accepted(busy, ids, 3);
      TaskId last = end(busy, open.getFirst());

      List<String> told = untilToldOf(last, ear, busy);
      assertThat(told.toString()).contains("t" + ended.value());
      assertThat(open.subList(1, 3)).noneMatch(id -> told.toString().contains("t" + id.value()));
    }
  }

  private static List<String> untilToldOf(TaskId last, Connection ear, PostgresStore from) {
    var told = new ArrayList<String>();
    Await.until(
        "the last end is told of",
        SOON,
        () -> {
          told.addAll(heard(ear, from));
          return told.toString().contains("t" + last.value());
        });
    return told;
  }

  /// Has a new task fail.
  private TaskId end(PostgresStore store) throws InterruptedException {
    return end(store, Orders.accepted(store, ids, 1).getFirst());
  }

  private TaskId end(PostgresStore store, TaskId next) throws InterruptedException {
    Claim claim = store.tasks().claim(1, SOON).getFirst();
    assertThat(claim.task().id()).isEqualTo(next);
    Instant now = clock.instant();
    var failed = new Failed(now, now, new Reason(ErrorCode.API_ERROR, "it broke"));
    assertThat(store.tasks().settle(claim, failed)).isPresent();
    return next;
  }

  private static void listen(Connection ear) throws SQLException {
    try (var statement = ear.createStatement()) {
      statement.execute("LISTEN carillon");
    }
  }

  /// The messages of a node that have come.
  private static List<String> heard(Connection ear, PostgresStore from) {
    try {
      PGNotification[] come = ear.unwrap(PGConnection.class).getNotifications(100);
      return come == null
          ? List.of()
          : List.of(come).stream()
              .map(PGNotification::getParameter)
              .filter(message -> message.startsWith(from.node().toString()))
              .toList();
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
