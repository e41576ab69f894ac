package dev.carillon.gateway.store.postgres;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.testkit.Await;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a node makes of what another one tells.
final class HearingTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final UUID SOMEBODY = new UUID(7, 7);

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(61));
  private final ApplicationId application = new ApplicationId(ids.next());
  private final AtomicInteger rung = new AtomicInteger();
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void a_message_that_cannot_be_read_costs_nothing_else_that_was_told() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var _ = store.bell().listenToFeed(application, rung::incrementAndGet)) {
      tell("tnonsense", "f" + application.value());

      Await.until("the feed is rung for", SOON, () -> rung.get() > 0);
    }
  }

  @Test
  void after_one_that_cannot_be_read_all_is_looked_at() throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids);
        var _ = store.bell().listenToFeed(application, rung::incrementAndGet)) {
      tell("tnonsense");

      Await.until("the feed is rung for", SOON, () -> rung.get() > 0);
    }
  }

  /// Tells in one transaction, each word in a message of its own.
  private void tell(String... words) throws SQLException {
    try (var connection = PostgresBench.connect(database);
        var statement =
            connection.prepareStatement(
                "SELECT pg_notify('carillon', ? || ' ' || word) FROM unnest(?::text[]) AS word")) {
      statement.setString(1, SOMEBODY.toString());
      statement.setArray(2, connection.createArrayOf("text", words));
      statement.execute();
    }
  }
}
