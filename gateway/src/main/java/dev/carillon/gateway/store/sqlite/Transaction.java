package dev.carillon.gateway.store.sqlite;

import java.sql.SQLException;

/// What a verb writes with: the writer's session, the balances and the feed's places.
record Transaction(Session session, Balances balances, Positions positions) {
  Sql sql(String text) throws SQLException {
    return session.sql(text);
  }

  long nextPosition() throws SQLException {
    return positions.next(session);
  }

  void begin() throws SQLException {
    session.begin();
  }

  void commit() throws SQLException {
    balances.write(session);
    session.commit();
    balances.committed();
  }

  /// Gives all up. The connection is closed with it: the driver closes statements that failed, and
  /// SQLite ends some transactions by itself, so a fresh one is the only one known to be whole.
  void rollback() throws SQLException {
    balances.forget();
    positions.rolledBack();
    session.close();
  }
}
