package dev.carillon.client.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.client.webhook.Inbox.Put;
import dev.carillon.client.webhook.Inbox.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

final class SqliteInboxTest extends InboxLaws {
  @TempDir Path folder;

  @Override
  Inbox inbox() {
    return JdbcInbox.open(database(), CAPACITY);
  }

  private SQLiteDataSource database() {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("inbox.db"));
    return database;
  }

  @Test
  void what_was_taken_in_is_there_after_a_restart() {
    inbox().put(event("a"), NOON);
    inbox().moveCursor("feed", "7");

    Inbox restarted = inbox();

    assertThat(restarted.put(event("a"), NOON)).isEqualTo(Put.KNOWN);
    assertThat(restarted.cursor("feed")).contains("7");
    assertThat(restarted.claim(NOON, NOON.plus(LEASE)).orElseThrow().event().body())
        .isEqualTo(event("a").body());
  }

  @Test
  void the_mark_and_the_applications_own_write_commit_together_or_not_at_all() throws Exception {
    JdbcInbox inbox = JdbcInbox.open(database());
    inbox.put(event("a"), NOON);
    var claim = inbox.claim(NOON, NOON.plus(LEASE)).orElseThrow();

    try (Connection connection = database().getConnection()) {
      run(connection, "CREATE TABLE orders (id TEXT)");
      connection.setAutoCommit(false);
      run(connection, "INSERT INTO orders VALUES ('a')");
      assertThat(inbox.done(connection, claim, NOON)).isTrue();
      connection.rollback();
      assertThat(inbox.find("a").orElseThrow().state()).isEqualTo(State.RUNNING);

      run(connection, "INSERT INTO orders VALUES ('a')");
      assertThat(inbox.done(connection, claim, NOON)).isTrue();
      connection.commit();
      assertThat(inbox.find("a").orElseThrow().state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void a_database_that_cannot_be_reached_is_told() {
    var database = new SQLiteDataSource();
    database.setUrl("jdbc:sqlite:" + folder.resolve("no/such/folder/inbox.db"));

    assertThatThrownBy(() -> JdbcInbox.open(database)).isInstanceOf(InboxException.class);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
