package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.transfer.StorePlace.InFile;
import dev.carillon.gateway.store.transfer.StorePlace.InPostgres;
import java.sql.SQLException;

/// What a store needs after it was set back to an earlier time.
///
/// Feeds had given places since then which readers hold. Given again they would stand for other
/// events, and who reads on after one would pass over what came before it. So the feeds leap ahead:
/// whatever happens from now on stands after every place that anybody can hold.
public final class LeapForward {
  private static final long LEAP = 1_000_000_000L;
  private static final String OF_FILE =
      "UPDATE counter SET reserved = reserved + " + LEAP + " WHERE name = 'position'";
  private static final String OF_DATABASE = "UPDATE head SET position = position + " + LEAP;

  private LeapForward() {}

  /// Lets the feeds of a store leap.
  ///
  /// @throws TransferException when a gateway runs on it
  /// @throws StoreUnavailableException when it cannot be written
  public static void run(StorePlace place) {
    try {
      switch (place) {
        case InFile(var file) -> {
          Versions.require(place);
          try (var held = SqliteOrigin.hold(file);
              var connection = held.writing();
              var statement = connection.createStatement()) {
            statement.executeUpdate(OF_FILE);
          }
        }
        case InPostgres(var database) -> {
          Versions.require(place);
          try (var connection = database.connect();
              var statement = connection.createStatement()) {
            PostgresOrigin.requireStopped(connection);
            statement.executeUpdate(OF_DATABASE);
          }
        }
      }
    } catch (SQLException failure) {
      throw new StoreUnavailableException("the store " + place + " cannot be written", failure);
    }
  }
}
