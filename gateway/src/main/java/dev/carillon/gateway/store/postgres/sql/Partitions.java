package dev.carillon.gateway.store.postgres.sql;

import dev.carillon.gateway.domain.Ids;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parts of tables that grow with tasks: one a week, made ahead of need and dropped once its
/// week is long over and nothing is left in it, which gives its space back at once. An id says when
/// it was made, so a week is a range of ids. What belongs to no part stands in the table's rest.
///
/// Weeks are those of the database's clock. A part that cannot be made now, as when the rest
/// already has rows of its week, is not made; the rest takes the rows then, as well as any part.
final class Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
  private static final long WEEK = Duration.ofDays(7).toMillis();
  private static final int AHEAD = 3;

  /// Parts of older weeks are dropped when empty.
  private static final int KEPT = 2;

  /// Only one node does this at a time.
  private static final long LOCK = 0x6361_7269_7061_7274L;

  private static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
  private static final String PARTS =
      "SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid"
          + " WHERE inhparent = to_regclass(?)";

  /// A table and what its parts are set to.
  private record Table(String name, String settings) {}

  private static final String GROWING = "autovacuum_vacuum_insert_scale_factor = 0.05";
  private static final List<Table> TABLES =
      List.of(
          new Table(
              "task",
              "fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, "
                  + GROWING
                  + ", autovacuum_analyze_scale_factor = 0.02"),
          new Table("event", GROWING),
          new Table("ledger", GROWING),
          new Table(
              "delivery", "fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, " + GROWING),
          new Table("attempt", GROWING));

  private Partitions() {}

  /// Makes the parts of this week and the next ones, and drops old empty ones. Each change is a
  /// transaction of its own, as each locks its table for a moment.
  static void tend(Session session) throws SQLException {
    session.begin();
    long week = session.sql(NOW).one(Row::number).orElseThrow() / WEEK;
    for (Table table : TABLES) {
      Set<String> parts = new HashSet<>(session.sql(PARTS).put(table.name).all(Row::text));
      session.commit();
      for (long wanted = week; wanted <= week + AHEAD; wanted++) {
        if (!parts.contains(part(table, wanted))) {
          alone(session, table, wanted, Partitions::make);
        }
      }
      for (long old : old(table, parts, week - KEPT)) {
        alone(session, table, old, Partitions::drop);
      }
    }
  }

  private static String part(Table table, long week) {
    return table.name + "_w" + week;
  }

  private static List<Long> old(Table table, Set<String> parts, long before) {
    var old = new ArrayList<Long>();
    String prefix = table.name + "_w";
    for (String part : parts) {
      if (part.startsWith(prefix)) {
        long week = Long.parseLong(part.substring(prefix.length()));
        if (week < before) {
          old.add(week);
        }
      }
    }
    return old;
  }

  @FunctionalInterface
  private interface Change {
    void run(Session session, Table table, long week) throws SQLException;
  }

  /// Runs a change while no other node does; what fails waits for the next time.
  private static void alone(Session session, Table table, long week, Change change)
      throws SQLException {
    try {
      boolean alone =
          session.sql("SELECT pg_try_advisory_xact_lock(?)").put(LOCK).one(Row::flag).orElse(false);
      if (alone) {
        session.script("SET LOCAL lock_timeout = '1s'");
        change.run(session, table, week);
      }
      session.commit();
    } catch (SQLException failure) {
      session.rollback();
      if (Faults.isLost(failure)) {
        throw failure;
      }
      LOG.info("part {} cannot be changed now: {}", part(table, week), failure.getMessage());
    }
  }

  /// A table is made first and attached then, as that locks the whole table less.
  private static void make(Session session, Table table, long week) throws SQLException {
    String part = part(table, week);
    UUID from = floor(week);
    UUID to = floor(week + 1);
    session.script(
        "CREATE TABLE %s (LIKE %s INCLUDING ALL) WITH (%s)"
            .formatted(part, table.name, table.settings));
    session.script(
        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
            .formatted(table.name, part, from, to));
  }

  /// Smaller than any version 7 id of the week, and than no other.
  private static UUID floor(long week) {
    return new UUID(Ids.floorOf(week * WEEK).getMostSignificantBits() & ~0xffffL, 0);
  }

  private static void drop(Session session, Table table, long week) throws SQLException {
    String part = part(table, week);
    boolean used =
        session.sql("SELECT EXISTS (SELECT 1 FROM " + part + ")").one(Row::flag).orElse(true);
    if (used) {
      return;
    }
    session.script("LOCK TABLE " + part + " IN ACCESS EXCLUSIVE MODE");
    boolean still =
        session.sql("SELECT EXISTS (SELECT 1 FROM " + part + ")").one(Row::flag).orElse(true);
    if (!still) {
      session.script("ALTER TABLE %s DETACH PARTITION %s".formatted(table.name, part));
      session.script("DROP TABLE " + part);
      LOG.info("dropped part {}, of which nothing was left", part);
    }
  }
}
