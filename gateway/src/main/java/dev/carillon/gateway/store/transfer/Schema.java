package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.sql.PostgresPlace;
import dev.carillon.gateway.store.sqlite.SqliteFile;
import dev.carillon.gateway.store.transfer.StorePlace.InFile;
import dev.carillon.gateway.store.transfer.StorePlace.InPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// The version of a store's tables.
///
/// @param version 0 where there is no store
/// @param newest the one this Carillon writes
/// @param pending the scripts that are to be run
public record Schema(int version, int newest, List<String> pending) {
  public Schema {
    pending = List.copyOf(pending);
  }

  /// Looks at a store; nothing is changed.
  ///
  /// @throws StoreUnavailableException when it cannot be read
  public static Schema of(StorePlace place) {
    try {
      return switch (place) {
        case InFile(var file) -> of(file);
        case InPostgres(var database) -> of(database);
      };
    } catch (SQLException failure) {
      throw new StoreUnavailableException("the store " + place + " cannot be read", failure);
    }
  }

  private static Schema of(Path file) throws SQLException {
    return SqliteFile.exists(file)
        ? new Schema(SqliteFile.version(file), SqliteFile.newest(), SqliteFile.pending(file))
        : new Schema(0, SqliteFile.newest(), List.of("all, as there is no store in " + file));
  }

  private static Schema of(PostgresPlace database) throws SQLException {
    try (Connection connection = database.connect()) {
      int version = PostgresPlace.version(connection);
      return new Schema(version, PostgresPlace.newest(), PostgresPlace.after(version));
    }
  }

  /// Brings a store to the newest version, and makes it where there is none. Nodes may run on a
  /// PostgreSQL one meanwhile.
  ///
  /// @throws TransferException when a gateway runs on the file
  /// @throws StoreUnavailableException when a newer Carillon made it, or it cannot be written
  public static void migrate(StorePlace place) {
    switch (place) {
      case InFile(var file) -> {
        try (SqliteFile held = SqliteOrigin.hold(file)) {
          held.migrate();
        } catch (SQLException failure) {
          throw new StoreUnavailableException(
              "the store " + place + " cannot be migrated", failure);
        }
      }
      case InPostgres(var database) -> database.migrate();
    }
  }
}
