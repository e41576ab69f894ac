package dev.carillon.client;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/// A journal in the table `carillon_tasks` of your own database (SQLite, PostgreSQL, and others of
/// plain SQL), which it makes.
public final class JdbcTaskJournal implements TaskJournal {
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS carillon_tasks (idempotency_key VARCHAR(255) PRIMARY KEY,"
          + " service VARCHAR(100) NOT NULL, endpoint VARCHAR(200) NOT NULL, body TEXT NOT NULL,"
          + " task_id VARCHAR(100) NOT NULL, begun_at BIGINT NOT NULL)";

  private final DataSource source;

  /// Makes the table if it is not there.
  ///
  /// @param source of connections that commit each statement, which is what they do by default
  /// @throws TaskJournalException when the database cannot be used
  public JdbcTaskJournal(DataSource source) {
    this.source = source;
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private static TaskJournalException failed(SQLException e) {
    return new TaskJournalException("the journal's database: " + e.getMessage(), e);
  }

  @Override
  public void begin(Entry entry) {
    run(
        "INSERT INTO carillon_tasks (idempotency_key, service, endpoint, body, task_id, begun_at)"
            + " VALUES (?, ?, ?, ?, ?, (SELECT COALESCE(MAX(begun_at), 0) + 1 FROM carillon_tasks))",
        entry.key(),
        entry.service(),
        entry.endpoint(),
        entry.body(),
        entry.taskId());
  }

  @Override
  public void submitted(String key, String taskId) {
    run("UPDATE carillon_tasks SET task_id = ? WHERE idempotency_key = ?", taskId, key);
  }

  @Override
  public void done(String key) {
    run("DELETE FROM carillon_tasks WHERE idempotency_key = ?", key);
  }

  private void run(String sql, String... values) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public List<Entry> open() {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT idempotency_key, service, endpoint, body, task_id FROM carillon_tasks"
                    + " ORDER BY begun_at LIMIT "
                    + MOST_OPEN)) {
      List<Entry> open = new ArrayList<>();
      while (rows.next()) {
        open.add(
            new Entry(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5)));
      }
      return List.copyOf(open);
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
