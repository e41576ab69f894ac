package dev.carillon.gateway.store.postgres.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.store.postgres.Orders;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.postgres.PostgresStore;
import dev.carillon.testkit.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An attempt that is stored while somebody sends its delivery again, on another connection.
final class OvertakenTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String WAITING =
      "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(43));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void one_that_waits_for_what_sends_its_delivery_again_decides_by_what_that_left()
      throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var other = PostgresBench.connect(database);
        var watcher = PostgresBench.connect(database)) {
      Dispatch dispatch = delivery(store);
      other.setAutoCommit(false);
      run(other, "UPDATE delivery SET copy = copy + 1, since = since + 1");
      run(other, "UPDATE delivery_due SET next_at = next_at + 1");

      var stored = new CompletableFuture<Void>();
      Thread.ofVirtual()
          .start(() -> {
            store.deliveries().recordAttempt(dispatch, delivered());
            stored.complete(null);
          });
      Await.until("the attempt waits", SOON, () -> number(watcher, WAITING) > 0);
      other.commit();
      stored.get(SOON.toSeconds(), TimeUnit.SECONDS);

      assertThat(number(watcher, "delivery WHERE state = 0 AND attempts = 1")).isOne();
      assertThat(number(watcher, "delivery_due WHERE attempts = 1")).isOne();
      assertThat(number(watcher, "attempt")).isOne();
    }
  }

  private Dispatch delivery(PostgresStore store) throws InterruptedException {
    Instant now = clock.instant();
    store.tasks().accept(Orders.calling(Orders.owner(ids), ids));
    Claim claim = store.tasks().claim(1, SOON).getFirst();
    store.tasks().settle(claim, new Succeeded(now, now, new Answer("{}")));
    return store.deliveries().claimDeliveries(_ -> 1, 1, SOON).getFirst();
  }

  private Receipt delivered() {
    return new Receipt(
        clock.instant(),
        Duration.ofMillis(5),
        200,
        Optional.empty(),
        "",
        new Receipt.Next.Delivered());
  }

  private static void run(Connection connection, String text) throws SQLException {
    try (var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(text)).isOne();
    }
  }

  private static long number(Connection connection, String of) {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + of)) {
      return rows.next() ? rows.getLong(1) : 0;
    } catch (SQLException failure) {
      throw new AssertionError(failure);
    }
  }
}
