package dev.carillon.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/// What a business keeps beside its jobs when it wants what ours promises: a price that is held and
/// settled once, a result that is kept, and a job of its own that tells of it. Each order is one
/// statement, and so is its end; they add executions as the scheduler's own schema has them. Each
/// caller pays from an account of its own, so that none waits for another's.
final class Orders {
  static final String TASK = "run";

  static final List<String> TABLES =
      List.of(
          "CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0))",
          """
          CREATE TABLE orders (
            id uuid PRIMARY KEY, account int NOT NULL, state smallint NOT NULL,
            price bigint NOT NULL, request text NOT NULL, result text)
          """,
          """
          CREATE TABLE ledger (
            order_id uuid, kind smallint, amount bigint NOT NULL, PRIMARY KEY (order_id, kind))
          """,
          "INSERT INTO account SELECT id, 1000000000000 FROM generate_series(0, 999) AS id");

  private static final String ORDER =
      """
      WITH held AS (UPDATE account SET balance = balance - 10
          WHERE id = ? AND balance >= 10 RETURNING id),
        made AS (INSERT INTO orders (id, account, state, price, request)
          SELECT ?, id, 1, 10, ? FROM held RETURNING id),
        noted AS (INSERT INTO ledger SELECT id, 1, 10 FROM made)
      INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        SELECT 'run', id::text, now() + ? * interval '1 millisecond', false, 1 FROM made
      """;

  private static final String END =
      """
      WITH ended AS (UPDATE orders SET state = 2, result = ?
          WHERE id = ? AND state = 1 RETURNING id, price),
        settled AS (INSERT INTO ledger SELECT id, 2, price FROM ended)
      INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
        SELECT 'call', id::text, now(), false, 1 FROM ended
      """;

  static final String REQUEST = "{\"prompt\":\"a lighthouse in fog\",\"take\":\"0 s\"}";
  private static final String RESULT =
      "{\"success\":true,\"data\":{\"images\":[\"https://a.example/1\"]}}";

  private final DataSource source;

  Orders(DataSource source) {
    this.source = source;
  }

  /// Makes an order durable, to be run after a while.
  void order(UUID id, int account, String request, Duration after) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(ORDER)) {
      statement.setInt(1, account);
      statement.setObject(2, id);
      statement.setString(3, request);
      statement.setLong(4, after.toMillis());
      statement.executeUpdate();
    }
  }

  /// Ends an order that is open, with a job that tells of it.
  void end(UUID id) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(END)) {
      statement.setString(1, RESULT);
      statement.setObject(2, id);
      statement.executeUpdate();
    }
  }
}
