package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.AccessStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// What a store says of itself once it was moved: its tasks go on elsewhere, and a gateway that
/// started on it would do them, and pay for them, a second time.
public final class MovedNote {
  private static final String KEY = "store.moved";
  private static final String READ = "SELECT value FROM note WHERE key = '" + KEY + "'";
  private static final String REMOVE = "DELETE FROM note WHERE key = '" + KEY + "'";
  private static final String WRITE = "INSERT INTO note (key, value) VALUES ('" + KEY + "', ?)";

  private MovedNote() {}

  /// Lets nobody work on a store that was moved.
  ///
  /// @throws StoreUnavailableException when it was; the message says where it is
  public static void requireNone(AccessStore store) {
    byte[] note = store.notes(KEY).get(KEY);
    if (note != null) {
      throw new StoreUnavailableException(text(note));
    }
  }

  /// @throws TransferException when the store was moved
  static void requireNone(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(READ)) {
      if (result.next()) {
        throw new TransferException(text(result.getBytes(1)));
      }
    }
  }

  private static String text(byte[] note) {
    return "this store was moved to "
        + new String(note, StandardCharsets.UTF_8)
        + ": start there; if nothing was done there, 'carillon store reopen' opens this one again";
  }

  static void write(Connection connection, String where) throws SQLException {
    try (var statement = connection.prepareStatement(WRITE)) {
      statement.setBytes(1, where.getBytes(StandardCharsets.UTF_8));
      statement.executeUpdate();
    }
  }

  /// Takes the note away, and tells where the store was moved to; empty when it was not.
  static Optional<String> remove(Connection connection) throws SQLException {
    Optional<String> where = Optional.empty();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(READ)) {
      if (result.next()) {
        where = Optional.of(new String(result.getBytes(1), StandardCharsets.UTF_8));
      }
    }
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(REMOVE);
    }
    return where;
  }
}
