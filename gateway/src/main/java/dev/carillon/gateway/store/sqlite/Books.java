package dev.carillon.gateway.store.sqlite;

import java.sql.SQLException;

/// What the writer keeps in memory between its transactions: balances, the feed's places, the
/// registered endpoints, the sums of the day. A rollback makes it forget what it may have read too
/// early.
record Books(Balances balances, Positions positions, EndpointBook endpoints, UsageDays usage) {
  Books(Balances balances, Positions positions, EndpointBook endpoints) {
    this(balances, positions, endpoints, new UsageDays());
  }

  void write(Session session) throws SQLException {
    balances.write(session);
    usage.write(session);
  }

  void committed() {
    balances.committed();
  }

  void rolledBack() {
    balances.forget();
    positions.rolledBack();
    endpoints.forget();
    usage.forget();
  }
}
