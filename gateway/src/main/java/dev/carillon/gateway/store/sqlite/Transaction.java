package dev.carillon.gateway.store.sqlite;

import java.sql.SQLException;

/// What a verb writes with: the writer's session and its books.
record Transaction(Session session, Books books) {
  Sql sql(String text) throws SQLException {
    return session.sql(text);
  }

  Balances balances() {
    return books.balances();
  }

  EndpointBook endpoints() {
    return books.endpoints();
  }

  UsageDays usage() {
    return books.usage();
  }

  long nextPosition() throws SQLException {
    return books.positions().next(session);
  }

  void begin() throws SQLException {
    session.begin();
  }

  void commit() throws SQLException {
    books.write(session);
    session.commit();
    books.committed();
  }

  /// Gives all up. The connection is closed with it: the driver closes statements that failed, and
  /// SQLite ends some transactions by itself, so a fresh one is the only one known to be whole.
  void rollback() throws SQLException {
    books.rolledBack();
    session.close();
  }
}
