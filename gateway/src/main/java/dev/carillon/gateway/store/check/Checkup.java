package dev.carillon.gateway.store.check;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.check.Report.Finding;
import dev.carillon.gateway.store.postgres.sql.PostgresPlace;
import dev.carillon.gateway.store.sqlite.SqliteFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Looks at a whole store, read only and as of one moment.
public final class Checkup {
  /// So many ids of each law are told.
  private static final int TOLD = 20;

  private static final Map<String, String> COUNTS = counts();

  private final Connection connection;

  private Checkup(Connection connection) {
    this.connection = connection;
  }

  private static Map<String, String> counts() {
    var counts = new LinkedHashMap<String, String>();
    counts.put("accounts", "SELECT count(*) FROM account");
    counts.put("applications", "SELECT count(*) FROM application");
    counts.put("credentials", "SELECT count(*) FROM credential");
    counts.put("tasks", "SELECT count(*) FROM task");
    counts.put("open_tasks", "SELECT count(*) FROM task WHERE state < 10");
    counts.put("events", "SELECT count(*) FROM event");
    counts.put("ledger_rows", "SELECT count(*) FROM ledger");
    counts.put("deliveries", "SELECT count(*) FROM delivery");
    counts.put("pending_deliveries", "SELECT count(*) FROM delivery WHERE state = 0");
    counts.put("attempts", "SELECT count(*) FROM attempt");
    counts.put("endpoints", "SELECT count(*) FROM webhook_endpoint");
    return counts;
  }

  /// Looks at a file.
  ///
  /// @throws StoreUnavailableException when it cannot be read
  public static Report of(Path file) {
    if (!SqliteFile.exists(file)) {
      throw new StoreUnavailableException("there is no store in " + file);
    }
    try (Connection connection = SqliteFile.reading(file)) {
      int version = SqliteFile.version(file);
      int newest = SqliteFile.newest();
      connection.setAutoCommit(false);
      var checkup = new Checkup(connection);
      var findings = new ArrayList<Finding>();
      findings.add(checkup.pages());
      // What is read from broken pages says nothing.
      if (version == newest && findings.getFirst().broken() == 0) {
        findings.addAll(checkup.laws(SqliteLaws.all()));
      }
      return new Report(
          "sqlite " + file, version, newest, checkup.counted(version == newest), findings);
    } catch (SQLException failure) {
      throw new StoreUnavailableException("the store " + file + " cannot be read", failure);
    }
  }

  /// Looks at a database.
  ///
  /// @throws StoreUnavailableException when it cannot be read
  public static Report of(PostgresPlace place) {
    try (Connection connection = place.connect()) {
      int version = PostgresPlace.version(connection);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      PostgresPlace.takeYourTime(connection);
      var checkup = new Checkup(connection);
      int newest = PostgresPlace.newest();
      List<Finding> findings = version == newest ? checkup.laws(PostgresLaws.all()) : List.of();
      return new Report(
          place.toString(), version, newest, checkup.counted(version == newest), findings);
    } catch (SQLException failure) {
      throw new StoreUnavailableException("the store " + place + " cannot be read", failure);
    }
  }

  private Map<String, Long> counted(boolean known) throws SQLException {
    var found = new LinkedHashMap<String, Long>();
    if (known) {
      for (var count : COUNTS.entrySet()) {
        try (var statement = connection.createStatement();
            var result = statement.executeQuery(count.getValue())) {
          found.put(count.getKey(), result.next() ? result.getLong(1) : 0);
        }
      }
    }
    return found;
  }

  /// What SQLite itself says of the file.
  private Finding pages() throws SQLException {
    var faults = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("PRAGMA quick_check(" + TOLD + ")")) {
      while (result.next()) {
        if (!result.getString(1).equals("ok")) {
          faults.add(result.getString(1));
        }
      }
    }
    return new Finding("pages", "the file's pages and rows are whole", faults.size(), faults);
  }

  private List<Finding> laws(List<Law> laws) throws SQLException {
    var findings = new ArrayList<Finding>();
    for (Law law : laws) {
      findings.add(finding(law));
    }
    return findings;
  }

  private Finding finding(Law law) throws SQLException {
    var ids = new ArrayList<String>();
    long broken = 0;
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(500);
      try (var result = statement.executeQuery(law.broken())) {
        while (result.next()) {
          broken++;
          if (ids.size() < TOLD) {
            ids.add(text(result.getObject(1)));
          }
        }
      }
    }
    return new Finding(law.name(), law.meaning(), broken, ids);
  }

  private static String text(Object id) {
    if (id instanceof byte[] bytes) {
      var buffer = ByteBuffer.wrap(bytes);
      return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }
    return id.toString();
  }
}
