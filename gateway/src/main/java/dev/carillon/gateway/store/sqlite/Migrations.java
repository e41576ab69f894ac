package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;

/// Brings a file to the newest version. Each script sets `user_version` to its own number, so that
/// a file that is up to date is known by one read of its header and Flyway is not even loaded.
final class Migrations {
  /// The number of the newest script; `SqliteFaultTest` holds it to the scripts.
  static final int NEWEST = 8;

  private static final String SCRIPTS = "classpath:dev/carillon/gateway/store/sqlite";

  private Migrations() {}

  static void run(DataSource source) throws SQLException {
    int version = version(source);
    if (version > NEWEST) {
      throw new StoreUnavailableException(
          "the database is of version "
              + version
              + ", made by a newer Carillon; this one knows versions up to "
              + NEWEST);
    }
    if (version < NEWEST) {
      flyway(source).migrate();
    }
  }

  /// The names of the scripts that a file still lacks.
  static List<String> pending(DataSource source) throws SQLException {
    return version(source) >= NEWEST
        ? List.of()
        : Arrays.stream(flyway(source).info().pending()).map(MigrationInfo::getScript).toList();
  }

  private static Flyway flyway(DataSource source) {
    return Flyway.configure().dataSource(source).locations(SCRIPTS).load();
  }

  static int version(DataSource source) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery("PRAGMA user_version")) {
      result.next();
      return result.getInt(1);
    }
  }
}
