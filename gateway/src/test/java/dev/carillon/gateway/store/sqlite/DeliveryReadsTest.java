package dev.carillon.gateway.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.DeliveryState;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.store.DeliveryStore.DeliveryQuery;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeliveryReadsTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private static final UUID SOME = new UUID(1, 2);

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  private Path folder;

  @Test
  void deliveries_of_a_task_or_an_endpoint_are_found_by_their_index() throws Exception {
    Path file = folder.resolve("c.db");
    SqliteStore.open(file, SqliteConfig.defaults(), CLOCK, new Ids(CLOCK, new Random(1))).close();

    assertThat(plan(file, query(Optional.of(new TaskId(SOME)), Optional.empty())))
        .contains("delivery_by_event (task_id=?)");
    assertThat(plan(file, query(Optional.empty(), Optional.of(new EndpointId(SOME)))))
        .contains("delivery_by_endpoint (endpoint_id=?)")
        .doesNotContain("TEMP B-TREE");
  }

  @Test
  void deliveries_of_a_state_are_found_without_walking_through_those_that_arrived()
      throws Exception {
    Path file = folder.resolve("c.db");
    SqliteStore.open(file, SqliteConfig.defaults(), CLOCK, new Ids(CLOCK, new Random(1))).close();

    for (DeliveryState state :
        List.of(
            DeliveryState.EXHAUSTED,
            DeliveryState.BLOCKED,
            DeliveryState.GONE,
            DeliveryState.DROPPED)) {
      assertThat(plan(file, query(state)))
          .contains("delivery_by_state (application_id=? AND state=?)")
          .doesNotContain("TEMP B-TREE");
    }
    assertThat(plan(file, query(DeliveryState.PENDING)))
        .contains("SEARCH delivery USING COVERING INDEX delivery_due (application_id=?)")
        .contains("SEARCH delivery USING PRIMARY KEY (application_id=? AND id=?)");
    assertThat(plan(file, query(DeliveryState.DELIVERED)))
        .contains("SEARCH delivery USING PRIMARY KEY (application_id=?)")
        .doesNotContain("TEMP B-TREE");
  }

  private static DeliveryQuery query(DeliveryState state) {
    return new DeliveryQuery(
        new ApplicationId(SOME),
        Optional.empty(),
        Optional.empty(),
        Optional.of(state),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        20);
  }

  private static DeliveryQuery query(Optional<TaskId> task, Optional<EndpointId> endpoint) {
    return new DeliveryQuery(
        new ApplicationId(SOME),
        task,
        endpoint,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        20);
  }

  private static String plan(Path file, DeliveryQuery query) throws SQLException {
    var plan = new StringBuilder();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement();
        var rows = statement.executeQuery("EXPLAIN QUERY PLAN " + DeliveryReads.page(query))) {
      while (rows.next()) {
        plan.append(rows.getString("detail")).append('\n');
      }
    }
    return plan.toString();
  }
}
