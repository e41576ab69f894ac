package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.check.Checkup;
import dev.carillon.gateway.store.check.Report;
import dev.carillon.gateway.store.postgres.PostgresBench;
import dev.carillon.gateway.store.postgres.sql.PostgresPlace;
import dev.carillon.gateway.store.postgres.sql.PostgresUrl;
import dev.carillon.gateway.store.sqlite.SqliteConfig;
import dev.carillon.gateway.store.sqlite.SqliteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// Breaks the laws of both databases.
final class CheckupTest {
  @Nested
  final class OfSqlite extends CheckLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return SqliteStore.open(folder.resolve("carillon.db"), SqliteConfig.defaults(), clock, ids);
    }

    @Override
    Report looked(String statement) {
      Path copy = folder.resolve("broken.db");
      try {
        Files.copy(place().resolve("carillon.db"), copy, StandardCopyOption.REPLACE_EXISTING);
        if (!statement.isEmpty()) {
          try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
              var run = connection.createStatement()) {
            run.executeUpdate(statement);
          }
        }
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (SQLException failure) {
        throw new AssertionError(statement, failure);
      }
      return Checkup.of(copy);
    }

    @Override
    Map<String, String> own() {
      return Map.of(
          "pages",
              "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql ="
                  + " replace(sql, 'upstream_ref TEXT,', 'upstream_ref TEXT NOT NULL,')",
          "spending", "UPDATE credential SET used_amount = 0",
          "result", "DELETE FROM answer",
          "head", "UPDATE counter SET reserved = 0");
    }
  }

  @Nested
  final class OfPostgres extends CheckLaws {
    @Override
    Store open(Path folder, InstantSource clock, Ids ids) {
      return PostgresBench.open(folder, clock, ids);
    }

    @AfterEach
    void drop() {
      close_all();
      PostgresBench.drop("broken");
      PostgresBench.clean(folder);
    }

    @Override
    Report looked(String statement) {
      PostgresBench.drop("broken");
      PostgresBench.execute(
          "postgres", "CREATE DATABASE broken TEMPLATE " + PostgresBench.database(place()));
      if (!statement.isEmpty()) {
        PostgresBench.execute("broken", statement);
      }
      return Checkup.of(new PostgresPlace(PostgresUrl.parse(PostgresBench.server().url("broken"))));
    }

    @Override
    Map<String, String> own() {
      return Map.of(
          "spending", "UPDATE spending SET used_amount = 0",
          "result", "UPDATE task SET response = NULL",
          "owned", "DELETE FROM open_task",
          "due", "UPDATE delivery_due SET attempts = attempts + 1",
          "failed",
              "INSERT INTO delivery_failed SELECT application_id, 2, id FROM delivery LIMIT 1",
          "kept",
              "INSERT INTO kept_task SELECT application_id, application_id, 0 FROM task LIMIT 1",
          "head", "UPDATE head SET open = open + 1",
          "index",
              "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'credit_pkey'::regclass");
    }
  }
}
