package dev.carillon.gateway.store.postgres.sql;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.sql.Database.Bounds;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// A database as an operator's tool sees it: no node joins, and statements may take as long as they
/// need. Works behind a proxy that pools transactions too.
public record PostgresPlace(PostgresUrl url) {
  private static final Bounds BOUNDS =
      new Bounds(1, Duration.ofDays(2), Duration.ofMinutes(1), Duration.ofSeconds(10), true);

  private static final String LIVE_NODES =
      "SELECT id FROM node WHERE lease_until > clock_timestamp() ORDER BY id LIMIT 100";

  /// The version this Carillon writes.
  public static int newest() {
    return Migrations.newest();
  }

  /// The scripts that a database of this version lacks.
  public static List<String> after(int version) {
    return Migrations.after(version);
  }

  /// A connection of its own; what it runs is committed statement by statement unless told.
  ///
  /// @throws StoreUnavailableException when the database cannot be reached
  public Connection connect() {
    try {
      return Database.connect(url, BOUNDS, BOUNDS.statement());
    } catch (SQLException failure) {
      throw new StoreUnavailableException(
          "cannot open the database " + url + ": " + failure.getMessage(), failure);
    }
  }

  /// The version of a database; 0 for one without a store.
  public static int version(Connection connection) throws SQLException {
    return Migrations.version(new Session(connection, 0));
  }

  /// Brings it to the newest version.
  ///
  /// @throws StoreUnavailableException when a newer Carillon made it, or it cannot be reached
  public void migrate() {
    Database.migrate(url, BOUNDS);
  }

  /// Lifts the bounds on statements that the user or the database may be set to, for this
  /// transaction.
  public static void takeYourTime(Connection connection) throws SQLException {
    new Session(connection, 0).script("SET LOCAL statement_timeout = 0");
  }

  /// The nodes that live by their leases.
  public static List<String> liveNodes(Connection connection) throws SQLException {
    return new Session(connection, 0).sql(LIVE_NODES).all(row -> row.uuid().toString());
  }

  @Override
  public String toString() {
    return url.toString();
  }
}
