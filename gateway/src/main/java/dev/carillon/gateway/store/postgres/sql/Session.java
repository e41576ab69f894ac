package dev.carillon.gateway.store.postgres.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// A connection that statements are run on. Of one thread at a time.
public final class Session implements AutoCloseable {
  private final Connection connection;
  private final int timeoutSeconds;

  /// @param timeoutSeconds bounds each statement from this side too; 0 where the server does
  Session(Connection connection, int timeoutSeconds) {
    this.connection = connection;
    this.timeoutSeconds = timeoutSeconds;
  }

  /// The statement with this text, ready for its first parameter.
  public Sql sql(String text) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(text);
    if (timeoutSeconds > 0) {
      statement.setQueryTimeout(timeoutSeconds);
    }
    return new Sql(statement);
  }

  /// Runs a script of several statements.
  void script(String text) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /// Lets the next statement begin a transaction, to be committed by hand.
  public void begin() throws SQLException {
    if (connection.getAutoCommit()) {
      connection.setAutoCommit(false);
    }
  }

  public void commit() throws SQLException {
    connection.commit();
  }

  public void rollback() throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
