package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.sqlite.SqliteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/// The file of a gateway that does not run; none can start on it meanwhile.
final class SqliteOrigin implements Origin {
  private final SqliteFile held;
  private final Connection connection;
  private final TableReading reading;
  private final Manifest manifest;

  private SqliteOrigin(SqliteFile held, Connection connection) throws SQLException {
    this.held = held;
    this.connection = connection;
    this.reading = new TableReading(connection, SqliteLayout.of(connection));
    this.manifest = new Manifest("sqlite", SqliteFile.newest(), false, reading.tables());
  }

  /// @throws TransferException when there is no store, or a gateway runs on it
  static SqliteOrigin open(Path file) throws SQLException {
    if (!SqliteFile.exists(file)) {
      throw new TransferException("there is no store in " + file);
    }
    SqliteFile held = hold(file);
    try {
      int version = SqliteFile.version(file);
      if (version != SqliteFile.newest()) {
        throw Versions.differ(version, SqliteFile.newest());
      }
      Connection connection = SqliteFile.reading(file);
      MovedNote.requireNone(connection);
      connection.setAutoCommit(false);
      return new SqliteOrigin(held, connection);
    } catch (SQLException | RuntimeException failure) {
      held.close();
      throw failure;
    }
  }

  static SqliteFile hold(Path file) {
    try {
      return SqliteFile.hold(file);
    } catch (StoreUnavailableException used) {
      throw new TransferException("a gateway runs on " + file + ": stop it first", used);
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

  @Override
  public void end() {
    // The file was held, so nobody wrote meanwhile.
  }

  @Override
  public void moved(String where) throws SQLException {
    try (Connection writing = held.writing()) {
      MovedNote.write(writing, where);
    }
  }

  @Override
  public void close() {
    try (held) {
      connection.close();
    } catch (SQLException failure) {
      throw new StoreUnavailableException("cannot close the database", failure);
    }
  }
}
