package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.sql.PostgresPlace;
import dev.carillon.gateway.store.transfer.Table.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A database that nothing is in yet, filled by one transaction. What is open there belongs to a
/// node that is gone, so the first one that starts takes it over.
final class PostgresDestination implements Destination {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresDestination.class);

  /// What the database says besides the carried tables, by the table that says it.
  private static final Map<String, String> DERIVED =
      Map.of(
          "open_task",
          "INSERT INTO open_task (application_id, task_id, owner)"
              + " SELECT application_id, id, '%s' FROM task WHERE state < 10",
          "delivery_due",
          "INSERT INTO delivery_due (application_id, delivery_id, next_at, owner, attempts, destination)"
              + " SELECT application_id, id, next_at, '%s', attempts, destination FROM delivery"
              + " WHERE state = 0",
          "delivery_failed",
          "INSERT INTO delivery_failed (application_id, state, delivery_id)"
              + " SELECT application_id, state, id FROM delivery WHERE state > 1",
          "kept_task",
          "INSERT INTO kept_task (application_id, task_id, until)"
              + " SELECT application_id, id, changed_at + keep_for FROM task"
              + " WHERE keep_for IS NOT NULL AND state >= 10",
          "head",
          "UPDATE head SET open = counted.open, open_tasks = counted.lines"
              + " FROM (SELECT application_id, sum(open) AS open,"
              + " string_agg(open || ' ' || service || E'\\n', '') AS lines"
              + " FROM (SELECT application_id, service, count(*) AS open FROM task WHERE state < 10"
              + " GROUP BY application_id, service) AS by_service GROUP BY application_id) AS counted"
              + " WHERE counted.application_id = head.application_id");

  private final Connection connection;
  private final CopyManager copying;
  private final UUID gone;
  private Map<String, Map<String, String>> types = Map.of();
  private Optional<CopyRows> rows = Optional.empty();

  private PostgresDestination(Connection connection, UUID gone) throws SQLException {
    this.connection = connection;
    this.copying = connection.unwrap(PGConnection.class).getCopyAPI();
    this.gone = gone;
  }

  /// Makes the tables where they are not there.
  ///
  /// @param gone an id for the node that leaves what is open
  /// @throws TransferException when a gateway runs on it
  static PostgresDestination open(PostgresPlace place, UUID gone) throws SQLException {
    place.migrate();
    Connection connection = place.connect();
    try {
      PostgresOrigin.requireStopped(connection);
      connection.setAutoCommit(false);
      PostgresPlace.takeYourTime(connection);
      return new PostgresDestination(connection, gone);
    } catch (SQLException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  @Override
  public void begin(Manifest manifest) throws SQLException {
    Fit.require(connection, PostgresLayout.of(connection), manifest);
    types = PostgresLayout.columns(connection);
  }

  @Override
  public void table(Table table) throws SQLException {
    finish();
    Map<String, String> known = types.getOrDefault(table.name(), Map.of());
    var names = new ArrayList<>(table.columns().stream().map(Column::name).toList());
    List<Boolean> flags =
        names.stream().map(name -> known.getOrDefault(name, "").equals("boolean")).toList();
    Optional<String> owner = Optional.empty();
    if (table.name().equals("late_wait")) {
      names.add("owner");
      owner = Optional.of(gone.toString());
    }
    String text = "COPY %s (%s) FROM STDIN".formatted(table.name(), String.join(", ", names));
    rows = Optional.of(new CopyRows(copying.copyIn(text), flags, owner));
  }

  @Override
  public void row(@Nullable Object[] values) throws SQLException {
    rows.orElseThrow().add(values);
  }

  private void finish() throws SQLException {
    if (rows.isPresent()) {
      rows.get().end();
      rows = Optional.empty();
    }
  }

  @Override
  public void end() throws SQLException {
    finish();
    try (var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO node (id, version, lease_until) VALUES ('%s', 'moved', 'epoch')"
              .formatted(gone));
      for (var derived : DERIVED.entrySet()) {
        if (PostgresLayout.has(connection, derived.getKey())) {
          statement.execute(derived.getValue().replace("'%s'", "'" + gone + "'"));
        }
      }
    }
  }

  /// What the planner knows is worth waiting for, but nothing is lost without it.
  @Override
  public void commit() throws SQLException {
    connection.commit();
    try {
      connection.setAutoCommit(true);
      try (var statement = connection.createStatement()) {
        statement.execute("ANALYZE");
      }
    } catch (SQLException later) {
      LOG.warn("the database is filled, but ANALYZE failed: run it", later);
    }
  }

  /// What was begun is undone by the database.
  @Override
  public void close() {
    try {
      if (rows.isPresent()) {
        rows.get().cancel();
      }
      connection.close();
    } catch (SQLException failure) {
      throw new StoreUnavailableException("cannot close the database", failure);
    }
  }
}
