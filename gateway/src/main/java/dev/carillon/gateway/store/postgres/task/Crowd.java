package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.sql.Row;

/// Whether all nodes together have as many open tasks as they may: counted whenever the node looks
/// around, about once a second, as this bound protects the machine and need not be exact.
final class Crowd {
  private static final String OPEN = "SELECT coalesce(sum(open), 0) FROM head";

  private final Database database;
  private final int most;
  private volatile boolean full;

  Crowd(Database database, int most) {
    this.database = database;
    this.most = most;
  }

  void count() {
    try {
      full = database.read(session -> session.sql(OPEN).one(Row::number)).orElse(0L) >= most;
    } catch (StoreUnavailableException later) {
      // What was counted last holds until it can be counted again.
    }
  }

  boolean isFull() {
    return full;
  }
}
