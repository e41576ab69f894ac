package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.sql.PostgresPlace;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The database of gateways that do not run.
final class PostgresOrigin implements Origin {
  private static final String COLLIDE =
      "SELECT count(*) FROM (SELECT 1 FROM task GROUP BY position HAVING count(*) > 1 LIMIT 1) AS twice";

  private final PostgresPlace place;
  private final Connection connection;
  private final TableReading reading;
  private final Manifest manifest;

  private PostgresOrigin(PostgresPlace place, Connection connection) throws SQLException {
    this.place = place;
    this.connection = connection;
    this.reading = new TableReading(connection, PostgresLayout.of(connection));
    this.manifest =
        new Manifest(
            "postgresql", PostgresPlace.newest(), reading.number(COLLIDE) > 0, reading.tables());
  }

  /// @throws TransferException when there is no store, or a gateway runs on it
  static PostgresOrigin open(PostgresPlace place) throws SQLException {
    Connection connection = place.connect();
    try {
      int version = PostgresPlace.version(connection);
      if (version != PostgresPlace.newest()) {
        throw Versions.differ(version, PostgresPlace.newest());
      }
      requireStopped(connection);
      MovedNote.requireNone(connection);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      PostgresPlace.takeYourTime(connection);
      return new PostgresOrigin(place, connection);
    } catch (SQLException | RuntimeException failure) {
      connection.close();
      throw failure;
    }
  }

  static void requireStopped(Connection connection) throws SQLException {
    List<String> live = PostgresPlace.liveNodes(connection);
    if (!live.isEmpty()) {
      throw new TransferException(
          "gateways run on this database, the nodes "
              + String.join(", ", live)
              + ": stop them first; one that was killed counts for 15 seconds more");
    }
  }

  @Override
  public Manifest manifest() {
    return manifest;
  }

  @Override
  public void read(Table table, Rows rows) throws IOException, SQLException {
    reading.read(table, rows);
  }

  /// A node may have started meanwhile, and what it wrote was not read.
  @Override
  public void end() throws SQLException {
    try (var now = place.connect()) {
      requireStopped(now);
    }
  }

  @Override
  public void moved(String where) throws SQLException {
    try (var writing = place.connect()) {
      MovedNote.write(writing, where);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw new StoreUnavailableException("cannot close the database", failure);
    }
  }
}
