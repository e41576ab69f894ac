package dev.carillon.gateway.store.sqlite;

import java.sql.SQLException;

/// Gives events their places in the feed. Places are reserved in the file in blocks, so a restart
/// leaves a gap and never gives a place twice. Of the writer thread, but for [#latest].
final class Positions {
  private static final int BLOCK = 100_000;
  private static final String RESERVE =
      "UPDATE counter SET reserved = max(reserved, ?) + ? WHERE name = 'position' RETURNING reserved";

  private volatile long last; // written by the writer thread only
  private long reserved;

  /// The next place.
  long next(Session session) throws SQLException {
    if (last == reserved) {
      long end = session.sql(RESERVE).put(last).put((long) BLOCK).one(Row::number).orElseThrow();
      last = Math.max(last, end - BLOCK);
      reserved = end;
    }
    long next = last + 1;
    last = next;
    return next;
  }

  /// The place given last, 0 before the first one; on any thread.
  long latest() {
    return last;
  }

  /// Forgets the block, as its reservation may have been rolled back.
  void rolledBack() {
    reserved = last;
  }
}
