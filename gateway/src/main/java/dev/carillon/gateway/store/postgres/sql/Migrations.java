package dev.carillon.gateway.store.postgres.sql;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/// Brings a database to the newest version, each script in a transaction of its own.
///
/// A lock that ends with the transaction lets nodes start at once: one writes, the others wait and
/// find it done. It also holds behind a proxy that pools transactions.
final class Migrations {
  private static final String FOLDER = "/dev/carillon/gateway/store/postgres/";

  /// Oldest first; a script's number is its place here, from 1.
  private static final List<String> SCRIPTS =
      List.of("V1__ledger.sql", "V2__callback_care.sql", "V3__videos.sql");

  /// Any number that other programs are not likely to lock.
  private static final long LOCK = 0x6361_7269_6c6c_6f6eL;

  private static final String FIND = "SELECT to_regclass('carillon_schema') IS NOT NULL";
  private static final String VERSION = "SELECT coalesce(max(version), 0) FROM carillon_schema";
  private static final String MAKE =
      "CREATE TABLE IF NOT EXISTS carillon_schema"
          + " (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())";

  private static final String ALIVE =
      "SELECT count(*)::integer FROM node WHERE lease_until > clock_timestamp()";

  private Migrations() {}

  /// Nodes of an older version would write to the new tables what they do not know, so none may run
  /// while tables change.
  ///
  /// @throws StoreUnavailableException when a newer Carillon made the database, or older nodes run
  static void run(Session session) throws SQLException {
    int version = version(session);
    if (version > SCRIPTS.size()) {
      throw new StoreUnavailableException(
          "the database is of version "
              + version
              + ", made by a newer Carillon; this one knows versions up to "
              + SCRIPTS.size());
    }
    session.begin();
    while (version < SCRIPTS.size()) {
      // Who comes second waits for as long as the first one works.
      session.script("SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0");
      session.sql("SELECT pg_advisory_xact_lock(?)").put(LOCK).one(_ -> true);
      session.script(MAKE);
      version = session.sql(VERSION).one(Row::integer).orElse(0);
      if (version < SCRIPTS.size()) {
        requireStopped(session, version);
        session.script(text(SCRIPTS.get(version)));
        version++;
        session.sql("INSERT INTO carillon_schema (version) VALUES (?)").put(version).update();
      }
      session.commit();
    }
  }

  private static void requireStopped(Session session, int version) throws SQLException {
    int alive = version == 0 ? 0 : session.sql(ALIVE).one(Row::integer).orElse(0);
    if (alive > 0) {
      throw new StoreUnavailableException(
          "%d nodes of an older Carillon run on this database, whose tables are of version %d and would"
                  .formatted(alive, version)
              + " become version %d: stop them all first; one that was killed counts for 15 seconds more"
                  .formatted(SCRIPTS.size()));
    }
  }

  /// The version this Carillon writes.
  static int newest() {
    return SCRIPTS.size();
  }

  /// The scripts that a database of this version lacks.
  static List<String> after(int version) {
    return SCRIPTS.subList(Math.min(version, SCRIPTS.size()), SCRIPTS.size());
  }

  /// 0 for a database without a store.
  static int version(Session session) throws SQLException {
    boolean made = session.sql(FIND).one(Row::flag).orElse(false);
    return made ? session.sql(VERSION).one(Row::integer).orElse(0) : 0;
  }

  private static String text(String script) {
    try (InputStream stream = Migrations.class.getResourceAsStream(FOLDER + script)) {
      if (stream == null) {
        throw new IllegalStateException("the script " + script + " is missing");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new IllegalStateException("the script " + script + " cannot be read", broken);
    }
  }
}
