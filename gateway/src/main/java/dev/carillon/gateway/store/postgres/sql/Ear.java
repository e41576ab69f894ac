package dev.carillon.gateway.store.postgres.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/// A connection that hears what other nodes notify. Of one thread.
public final class Ear implements AutoCloseable {
  private final Connection connection;
  private final PGConnection notifications;

  Ear(Connection connection, PGConnection notifications) {
    this.connection = connection;
    this.notifications = notifications;
  }

  /// What was told meanwhile, waiting for the first.
  ///
  /// @throws SQLException when the connection is lost
  public List<String> hear(Duration wait) throws SQLException {
    PGNotification[] heard =
        notifications.getNotifications(Math.toIntExact(Math.max(1, wait.toMillis())));
    return heard == null
        ? List.of()
        : Arrays.stream(heard).map(PGNotification::getParameter).toList();
  }

  /// Finds out whether the connection still stands.
  public void check() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("");
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
