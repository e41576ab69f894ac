package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The database file as an operator's tool sees it: no store is started on it, and no gateway can
/// start on it while it is held.
public final class SqliteFile implements AutoCloseable {
  private static final int CHECKPOINT_PAGES = 10_000;

  private final Path file;
  private final Database database;

  private SqliteFile(Path file, Database database) {
    this.file = file;
    this.database = database;
  }

  /// The version this Carillon writes.
  public static int newest() {
    return Migrations.NEWEST;
  }

  /// Whether there is such a file with anything in it.
  public static boolean exists(Path file) {
    try {
      return Files.exists(file) && Files.size(file) > 0;
    } catch (IOException failure) {
      throw new StoreUnavailableException("cannot look at " + file, failure);
    }
  }

  /// Keeps a file for this process, made with its folder when it is not there; its version stays.
  ///
  /// @throws StoreUnavailableException when another process has it
  public static SqliteFile hold(Path file) {
    return new SqliteFile(file, Database.hold(file, CHECKPOINT_PAGES));
  }

  /// A connection that cannot write; it may stand beside a running gateway.
  public static Connection reading(Path file) throws SQLException {
    return Database.source(file.toAbsolutePath(), true).getConnection();
  }

  /// The version of a file.
  public static int version(Path file) throws SQLException {
    return Migrations.version(Database.source(file.toAbsolutePath(), true));
  }

  /// The names of the scripts that it lacks.
  public static List<String> pending(Path file) throws SQLException {
    return Migrations.pending(Database.source(file.toAbsolutePath(), true));
  }

  /// Brings it to the newest version.
  ///
  /// @throws StoreUnavailableException when a newer Carillon made it
  public void migrate() throws SQLException {
    try {
      database.migrate();
    } catch (IOException failure) {
      throw new StoreUnavailableException("cannot open the database " + file, failure);
    }
  }

  /// A connection that writes as a gateway does.
  public Connection writing() throws SQLException {
    return Database.source(file.toAbsolutePath(), false).getConnection();
  }

  /// Gives the file back.
  @Override
  public void close() {
    database.close();
  }
}
