package dev.carillon.gateway.store.postgres.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A connection that statements are run on. Of one thread at a time.
public final class Session implements AutoCloseable {
  /// What follows a statement whose answer has rows, in one message, is at most so long, as far as
  /// its parameters are: a database that cannot get rid of its answer reads no further, and would
  /// have both sides wait for each other.
  private static final int BYTES_AFTER_ROWS = 32 << 10;

  private final Connection connection;
  private final int timeoutSeconds;
  private final List<Part> waiting = new ArrayList<>();
  private boolean keepsPlans;

  /// @param timeoutSeconds bounds each statement from this side too; 0 where the server does
  Session(Connection connection, int timeoutSeconds) {
    this.connection = connection;
    this.timeoutSeconds = timeoutSeconds;
  }

  /// The statement with this text, ready for its first parameter.
  public Sql sql(String text) {
    return new Sql(this, text);
  }

  /// Takes what a statement of a message came to.
  @FunctionalInterface
  interface Result {
    /// Reads it off the result that the message stands on.
    void read(PreparedStatement message) throws SQLException;
  }

  private record Part(Sql sql, boolean rows, Result result) {}

  /// Has a statement run with the next message.
  ///
  /// @param rows whether its answer has rows
  void add(Sql sql, boolean rows, Result result) {
    waiting.add(new Part(sql, rows, result));
  }

  /// Runs the statements that wait, in their order, in one message to the database, or in a few
  /// where they are long. The first that fails is the last that was run. What bounds a statement
  /// from this side bounds the message.
  public void send() throws SQLException {
    List<Part> parts = List.copyOf(waiting);
    waiting.clear();
    int from = 0;
    boolean rows = false;
    long after = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      after = rows ? after + part.sql.bytes() : 0;
      if (after > BYTES_AFTER_ROWS) {
        send(parts.subList(from, i));
        from = i;
        rows = false;
        after = 0;
      }
      rows |= part.rows;
    }
    if (from < parts.size()) {
      send(parts.subList(from, parts.size()));
    }
  }

  private void send(List<Part> parts) throws SQLException {
    String text = parts.stream().map(part -> part.sql.text()).collect(Collectors.joining(";"));
    try (var statement = connection.prepareStatement(text)) {
      if (timeoutSeconds > 0) {
        statement.setQueryTimeout(timeoutSeconds);
      }
      int filled = 0;
      for (Part part : parts) {
        filled = part.sql.fill(statement, filled);
      }
      statement.execute();
      for (int i = 0; i < parts.size(); i++) {
        if (i > 0) {
          statement.getMoreResults();
        }
        parts.get(i).result.read(statement);
      }
      if (statement.getMoreResults() || statement.getUpdateCount() != -1) {
        throw new IllegalStateException("more results than statements: " + text);
      }
    }
  }

  /// Runs a script of several statements.
  void script(String text) throws SQLException {
    send();
    try (var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  /// Says that the database keeps plans of this session's statements for good.
  void keepsPlans() {
    keepsPlans = true;
  }

  /// Has each statement planned anew when it is run next, by the tables as they are then. Where
  /// nothing is kept for good, nothing is done.
  public void forgetPlans() throws SQLException {
    if (keepsPlans) {
      sql("DISCARD PLANS").update();
    }
  }

  /// Lets the next statement begin a transaction, to be committed by hand.
  public void begin() throws SQLException {
    if (connection.getAutoCommit()) {
      connection.setAutoCommit(false);
    }
  }

  /// Commits. What still waits goes in the same message, so that a statement that is refused then
  /// has nothing committed.
  public void commit() throws SQLException {
    if (waiting.isEmpty()) {
      connection.commit();
    } else {
      sql("COMMIT").later();
      send();
    }
  }

  public void rollback() throws SQLException {
    waiting.clear();
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
