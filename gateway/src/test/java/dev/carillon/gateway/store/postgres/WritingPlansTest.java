package dev.carillon.gateway.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Ids;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How PostgreSQL finds what is written, of tables that grew since it last counted them.
final class WritingPlansTest {
  private static final int FEW = 60;
  private static final int MANY = 50_000;
  private static final int ENDED = 300;

  /// Tasks that nobody asks for: only how many rows there are counts here.
  private static final String GROW =
      "INSERT INTO open_task SELECT gen_random_uuid(), gen_random_uuid(), node.id"
          + " FROM node, generate_series(1, "
          + MANY
          + ")";

  private static final String READ =
      "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_user_tables"
          + " WHERE relname = 'open_task'";

  private final InstantSource clock = InstantSource.system();
  private final Ids ids = new Ids(clock, new SplittableRandom(31));
  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void a_plan_made_while_there_was_little_does_not_walk_for_long_through_what_came_since()
      throws Exception {
    try (var store = PostgresStore.open(PostgresBench.config(database), clock, ids)) {
      Orders.accepted(store, ids, FEW + ENDED);
      PostgresBench.execute(
          database, "ALTER TABLE open_task SET (autovacuum_enabled = false); ANALYZE");
      end(store, FEW);
      PostgresBench.execute(database, GROW);
      end(store, ENDED);
    }

    // Counts come in when connections are closed.
    assertThat(read()).isPositive().isLessThan((long) ENDED * MANY / 2);
  }

  /// Ends so many tasks one by one.
  private void end(PostgresStore store, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      for (Claim claim : store.tasks().claim(1, Duration.ofSeconds(10))) {
        store.tasks().cancel(claim, clock.instant());
      }
    }
  }

  private long read() throws SQLException {
    try (var connection = PostgresBench.connect(database);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(READ)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
