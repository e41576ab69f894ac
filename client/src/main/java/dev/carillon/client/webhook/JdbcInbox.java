package dev.carillon.client.webhook;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/// An inbox in a database that knows `ON CONFLICT`: SQLite and PostgreSQL are tested. It makes its
/// two tables, `carillon_inbox` and `carillon_cursor`, when they are missing.
///
/// Many processes may share it. Every call takes a connection from the `DataSource` and gives it
/// back; none is held while the application's code runs. With [#done(Connection, Claim, Instant)]
/// the application marks an event done in its own transaction, so that its own writes and the mark
/// happen together or not at all.
public final class JdbcInbox implements Inbox {
  /// How many open events there are at most unless told otherwise.
  public static final long CAPACITY = 1_000_000;

  /// How old the count of open events may be; in between, what is taken in here is added to it.
  private static final Duration COUNT_AGE = Duration.ofSeconds(5);

  /// How many due events one look brings; others may take some of them first.
  private static final int CANDIDATES = 8;

  private static final int LONGEST_ERROR = 2_000;
  private static final String OPEN = "due_at IS NOT NULL";
  private static final String NEWEST = " WHERE id = ? AND attempts = ? AND state = 'RUNNING'";

  private final DataSource database;
  private final long capacity;
  private long count; // guarded by this, as the next
  private Instant countedAt = Instant.MIN;

  private JdbcInbox(DataSource database, long capacity) {
    this.database = database;
    this.capacity = capacity;
  }

  /// Opens the inbox of a database.
  ///
  /// @throws InboxException when the tables cannot be made
  public static JdbcInbox open(DataSource database) {
    return open(database, CAPACITY);
  }

  /// Opens the inbox of a database with another bound on open events.
  public static JdbcInbox open(DataSource database, long capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("an inbox has room for at least one event");
    }
    var inbox = new JdbcInbox(database, capacity);
    inbox.call("make the tables", JdbcInbox::makeTables);
    return inbox;
  }

  private static boolean makeTables(Connection connection) throws SQLException {
    boolean postgres =
        connection.getMetaData().getDatabaseProductName().equalsIgnoreCase("PostgreSQL");
    String bytes = postgres ? "BYTEA" : "BLOB";
    try (var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE IF NOT EXISTS carillon_inbox (
            id VARCHAR(255) PRIMARY KEY,
            type TEXT,
            body %s,
            state VARCHAR(8) NOT NULL,
            attempts INTEGER NOT NULL,
            due_at BIGINT,
            closed_at BIGINT,
            error TEXT)\
          """
              .formatted(bytes));
      statement.execute(
          "CREATE INDEX IF NOT EXISTS carillon_inbox_due ON carillon_inbox (due_at) WHERE " + OPEN);
      statement.execute(
          "CREATE INDEX IF NOT EXISTS carillon_inbox_closed ON carillon_inbox (closed_at)");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS carillon_cursor"
              + " (feed VARCHAR(255) PRIMARY KEY, place VARCHAR(1024) NOT NULL)");
    }
    return true;
  }

  @Override
  public Put put(InboxEvent event, Instant now) {
    return call(
        "take an event in",
        connection -> {
          if (isFull(connection, now)) {
            return isKnown(connection, event.id()) ? Put.KNOWN : Put.FULL;
          }
          String sql =
              "INSERT INTO carillon_inbox (id, type, body, state, attempts, due_at)"
                  + " VALUES (?, ?, ?, 'NEW', 0, ?) ON CONFLICT (id) DO NOTHING";
          try (var insert = connection.prepareStatement(sql)) {
            insert.setString(1, event.id());
            insert.setString(2, event.type().orElse(null));
            insert.setBytes(3, event.body());
            insert.setLong(4, now.toEpochMilli());
            if (insert.executeUpdate() == 0) {
              return Put.KNOWN;
            }
          }
          counted(1);
          return Put.TAKEN;
        });
  }

  @Override
  public Optional<Claim> claim(Instant now, Instant leaseUntil) {
    return call(
        "claim an event",
        connection -> {
          for (Claim candidate : candidates(connection, now)) {
            if (take(connection, candidate, now, leaseUntil)) {
              return Optional.of(candidate);
            }
          }
          return Optional.empty();
        });
  }

  private static List<Claim> candidates(Connection connection, Instant now) throws SQLException {
    var candidates = new ArrayList<Claim>();
    String sql =
        "SELECT id, type, body, attempts FROM carillon_inbox WHERE due_at <= ? ORDER BY due_at"
            + " LIMIT "
            + CANDIDATES;
    try (var select = connection.prepareStatement(sql)) {
      select.setLong(1, now.toEpochMilli());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          var event =
              new InboxEvent(
                  row.getString(1), Optional.ofNullable(row.getString(2)), row.getBytes(3));
          candidates.add(new Claim(event, row.getInt(4) + 1));
        }
      }
    }
    return candidates;
  }

  /// Succeeds for one of all who saw the same number of attempts.
  private static boolean take(Connection connection, Claim claim, Instant now, Instant leaseUntil)
      throws SQLException {
    String sql =
        "UPDATE carillon_inbox SET state = 'RUNNING', attempts = ?, due_at = ?"
            + " WHERE id = ? AND attempts = ? AND due_at <= ?";
    try (var update = connection.prepareStatement(sql)) {
      update.setInt(1, claim.attempt());
      update.setLong(2, leaseUntil.toEpochMilli());
      update.setString(3, claim.event().id());
      update.setInt(4, claim.attempt() - 1);
      update.setLong(5, now.toEpochMilli());
      return update.executeUpdate() == 1;
    }
  }

  @Override
  public boolean extend(Claim claim, Instant leaseUntil) {
    return call(
        "extend a lease",
        connection -> {
          String sql = "UPDATE carillon_inbox SET due_at = ?" + NEWEST;
          try (var update = connection.prepareStatement(sql)) {
            update.setLong(1, leaseUntil.toEpochMilli());
            return writes(update, 2, claim);
          }
        });
  }

  @Override
  public boolean done(Claim claim, Instant now) {
    return call("mark an event done", connection -> done(connection, claim, now));
  }

  /// The event is dealt with, in the caller's transaction: it is done exactly when that commits.
  /// Whatever else the transaction writes happens once, even if the process dies in between.
  ///
  /// @return false when the claim is no longer the newest of a running event; roll back then, as
  ///   somebody else is at it
  @SuppressWarnings("MethodMayBeStatic")
  public boolean done(Connection connection, Claim claim, Instant now) throws SQLException {
    String sql =
        "UPDATE carillon_inbox"
            + " SET state = 'DONE', due_at = NULL, closed_at = ?, body = NULL, error = NULL"
            + NEWEST;
    try (var update = connection.prepareStatement(sql)) {
      update.setLong(1, now.toEpochMilli());
      return writes(update, 2, claim);
    }
  }

  @Override
  public boolean failed(Claim claim, Instant now, Optional<Instant> retryAt, String error) {
    return call(
        "note a failed run",
        connection -> {
          String sql =
              "UPDATE carillon_inbox SET state = 'FAILED', due_at = ?, closed_at = ?, error = ?"
                  + NEWEST;
          try (var update = connection.prepareStatement(sql)) {
            update.setObject(1, retryAt.map(Instant::toEpochMilli).orElse(null));
            update.setObject(2, retryAt.isPresent() ? null : now.toEpochMilli());
            update.setString(3, shortened(error));
            return writes(update, 4, claim);
          }
        });
  }

  /// PostgreSQL takes no zero in a text.
  private static String shortened(String error) {
    return error.substring(0, Math.min(error.length(), LONGEST_ERROR)).replace('\0', ' ');
  }

  private static boolean writes(PreparedStatement update, int from, Claim claim)
      throws SQLException {
    update.setString(from, claim.event().id());
    update.setInt(from + 1, claim.attempt());
    return update.executeUpdate() == 1;
  }

  @Override
  public Optional<Standing> find(String id) {
    return call(
        "find an event",
        connection -> {
          String sql = "SELECT state, attempts, due_at, error FROM carillon_inbox WHERE id = ?";
          try (var select = connection.prepareStatement(sql)) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(standing(row)) : Optional.empty();
            }
          }
        });
  }

  private static Standing standing(ResultSet row) throws SQLException {
    long dueAt = row.getLong(3);
    Optional<Instant> due =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(dueAt));
    return new Standing(
        State.valueOf(row.getString(1)), row.getInt(2), due, Optional.ofNullable(row.getString(4)));
  }

  @Override
  public long open() {
    return call("count open events", JdbcInbox::countOpen);
  }

  @Override
  public int purge(Instant before) {
    return call(
        "forget old events",
        connection -> {
          String sql = "DELETE FROM carillon_inbox WHERE closed_at < ?";
          try (var delete = connection.prepareStatement(sql)) {
            delete.setLong(1, before.toEpochMilli());
            return delete.executeUpdate();
          }
        });
  }

  @Override
  public Optional<String> cursor(String feed) {
    return call(
        "read a cursor",
        connection -> {
          String sql = "SELECT place FROM carillon_cursor WHERE feed = ?";
          try (var select = connection.prepareStatement(sql)) {
            select.setString(1, feed);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
          }
        });
  }

  @Override
  public void moveCursor(String feed, String cursor) {
    call(
        "move a cursor",
        connection -> {
          String sql =
              "INSERT INTO carillon_cursor (feed, place) VALUES (?, ?)"
                  + " ON CONFLICT (feed) DO UPDATE SET place = excluded.place";
          try (var upsert = connection.prepareStatement(sql)) {
            upsert.setString(1, feed);
            upsert.setString(2, cursor);
            return upsert.executeUpdate();
          }
        });
  }

  private boolean isFull(Connection connection, Instant now) throws SQLException {
    synchronized (this) {
      if (Duration.between(countedAt, now).abs().compareTo(COUNT_AGE) < 0) {
        return count >= capacity;
      }
    }
    long fresh = countOpen(connection);
    synchronized (this) {
      count = fresh;
      countedAt = now;
      return count >= capacity;
    }
  }

  private synchronized void counted(int more) {
    count += more;
  }

  private static long countOpen(Connection connection) throws SQLException {
    String sql = "SELECT COUNT(*) FROM carillon_inbox WHERE " + OPEN;
    try (var select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static boolean isKnown(Connection connection, String id) throws SQLException {
    try (var select = connection.prepareStatement("SELECT 1 FROM carillon_inbox WHERE id = ?")) {
      select.setString(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private <T> T call(String what, Statements<T> statements) {
    try (Connection connection = database.getConnection()) {
      if (connection.getAutoCommit()) {
        return statements.in(connection);
      }
      try {
        T result = statements.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new InboxException("the inbox cannot " + what + ": " + e.getMessage(), e);
    }
  }

  private interface Statements<T> {
    T in(Connection connection) throws SQLException;
  }
}
