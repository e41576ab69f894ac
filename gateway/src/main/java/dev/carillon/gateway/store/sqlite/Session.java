package dev.carillon.gateway.store.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/// A connection with its prepared statements, which live as long as it does. Of one thread at a
/// time. The texts are constants or built from few filters, so their number is bounded.
final class Session implements AutoCloseable {
  private final Connection connection;
  private final Map<String, Sql> statements = new HashMap<>();
  private boolean begun;

  Session(Connection connection) throws SQLException {
    this.connection = connection;
    this.begun = !connection.getAutoCommit();
  }

  /// The statement with this text, ready for its first parameter.
  @SuppressWarnings("resource") // closed with the connection
  Sql sql(String text) throws SQLException {
    Sql known = statements.get(text);
    if (known == null) {
      known = new Sql(connection.prepareStatement(text));
      statements.put(text, known);
    }
    return known.again();
  }

  /// Begins a transaction, unless the driver did, as it does on a new connection. These are
  /// statements prepared once, where the driver would prepare its own each time.
  void begin() throws SQLException {
    if (!begun) {
      sql("BEGIN").update();
      begun = true;
    }
  }

  void commit() throws SQLException {
    sql("COMMIT").update();
    begun = false;
  }

  /// Moves what it can of the write-ahead log into the file; of a session without a transaction.
  ///
  /// @return pages in the log
  int checkpoint() throws SQLException {
    return sql("PRAGMA wal_checkpoint(PASSIVE)").one(Session::logged).orElse(0);
  }

  private static int logged(Row row) throws SQLException {
    row.integer(); // whether it was hindered
    return row.integer();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
