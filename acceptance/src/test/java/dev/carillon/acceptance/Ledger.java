package dev.carillon.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Stream;

/// The database file of a stopped gateway, to bring about what no public call can yet: another
/// application, a token of one service, an expired token, a blocked application.
record Ledger(Path file) {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /// Finds the file in a data folder by what it holds.
  static Ledger in(Path data) {
    try (Stream<Path> files = Files.walk(data, 3)) {
      return files
          .filter(Files::isRegularFile)
          .filter(Ledger::isDatabase)
          .findFirst()
          .map(Ledger::new)
          .orElseThrow(() -> new AssertionError("no SQLite file under " + data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives the token to a new application, which owns nothing yet.
  void moveTokenToAnotherApplication() {
    run(
        """
        INSERT INTO application (id, account_id, name, service, balance, allow_consume_global,
                                 disabled, created_at)
          SELECT randomblob(16), account_id, 'another', service, balance, allow_consume_global,
                 disabled, created_at
            FROM application LIMIT 1
        """);
    run(
        """
        UPDATE credential SET application_id =
          (SELECT id FROM application WHERE name = 'another')
        """);
  }

  void bindTokenTo(String service) {
    run("UPDATE application SET service = '" + service + "'");
  }

  void expireToken() {
    run("UPDATE credential SET expires_at = 1000");
  }

  void blockApplication() {
    run("UPDATE application SET disabled = 1");
  }

  private void run(String sql) {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      int rows = statement.executeUpdate(sql);
      if (rows == 0) {
        throw new AssertionError("nothing was changed by: " + sql);
      }
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static boolean isDatabase(Path file) {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
