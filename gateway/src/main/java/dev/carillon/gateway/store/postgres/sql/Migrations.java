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
  private static final List<String> SCRIPTS = List.of("V1__ledger.sql", "V2__callback_care.sql");

  /// Any number that other programs are not likely to lock.
  private static final long LOCK = 0x6361_7269_6c6c_6f6eL;

  private static final String FIND = "SELECT to_regclass('carillon_schema') IS NOT NULL";
  private static final String VERSION = "SELECT coalesce(max(version), 0) FROM carillon_schema";
  private static final String MAKE =
      "CREATE TABLE IF NOT EXISTS carillon_schema"
          + " (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())";

  private Migrations() {}

  /// @throws StoreUnavailableException when a newer Carillon made the database
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
      session.sql("SELECT pg_advisory_xact_lock(?)").put(LOCK).one(_ -> true);
      session.script(MAKE);
      version = session.sql(VERSION).one(Row::integer).orElse(0);
      if (version < SCRIPTS.size()) {
        session.script(text(SCRIPTS.get(version)));
        version++;
        session.sql("INSERT INTO carillon_schema (version) VALUES (?)").put(version).update();
      }
      session.commit();
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
