package dev.carillon.gateway.store.postgres.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.store.DeliveryStore.DeliveryQuery;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.postgres.PostgresStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How PostgreSQL finds deliveries of a state.
final class DeliveryPlansTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final UUID SOME = new UUID(1, 2);
  private static final int LIMIT = 20;

  private final String database = PostgresBench.create();

  @AfterEach
  void drop() {
    PostgresBench.drop(database);
  }

  @Test
  void deliveries_of_a_state_are_found_without_walking_through_those_that_arrived()
      throws SQLException {
    PostgresStore.open(PostgresBench.config(database), CLOCK, new Ids(CLOCK, new Random(1)))
        .close();

    try (Connection connection = PostgresBench.connect(database);
        var statement = connection.createStatement()) {
      // Of empty tables any plan is good; this one is that of large ones.
      statement.execute("SET enable_seqscan = off");
      statement.execute("SET enable_bitmapscan = off");
      for (DeliveryState state :
          List.of(
              DeliveryState.EXHAUSTED,
              DeliveryState.BLOCKED,
              DeliveryState.GONE,
              DeliveryState.DROPPED)) {
        assertThat(plan(connection, state))
            .contains("delivery_failed_pkey", "state = " + DeliveryCodes.code(state))
            .doesNotContain("delivery_by_application");
      }
      assertThat(plan(connection, DeliveryState.PENDING))
          .contains("delivery_due_pkey")
          .doesNotContain("delivery_by_application");
    }
  }

  private static String plan(Connection connection, DeliveryState state) throws SQLException {
    var query =
        new DeliveryQuery(
            new ApplicationId(SOME),
            Optional.empty(),
            Optional.empty(),
            Optional.of(state),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            LIMIT);
    var plan = new StringBuilder();
    try (var statement = connection.prepareStatement("EXPLAIN " + DeliveryReads.page(query))) {
      statement.setObject(1, SOME);
      statement.setInt(2, LIMIT);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
    }
    return plan.toString();
  }
}
