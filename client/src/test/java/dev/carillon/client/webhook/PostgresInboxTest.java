package dev.carillon.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.carillon.client.webhook.Inbox.Put;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The laws on a real PostgreSQL; left out where none is installed.
final class PostgresInboxTest extends InboxLaws {
  private static Optional<PostgresServer> server = Optional.empty();

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    assumeTrue(server.isPresent(), "PostgreSQL is not installed");
  }

  @AfterAll
  static void stop() {
    server.ifPresent(PostgresServer::close);
  }

  @BeforeEach
  void clear() throws SQLException {
    try (var connection = server.orElseThrow().database().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS carillon_inbox");
      statement.execute("DROP TABLE IF EXISTS carillon_cursor");
    }
  }

  @Override
  Inbox inbox() {
    return JdbcInbox.open(server.orElseThrow().database(), CAPACITY);
  }

  @Test
  void two_processes_share_what_came() {
    Inbox one = inbox();
    Inbox other = inbox();

    assertThat(one.put(event("a"), NOON)).isEqualTo(Put.TAKEN);
    assertThat(other.put(event("a"), NOON)).isEqualTo(Put.KNOWN);
    assertThat(other.claim(NOON, NOON.plus(LEASE))).isPresent();
    assertThat(one.claim(NOON, NOON.plus(LEASE))).isEmpty();
  }
}
