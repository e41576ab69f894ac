package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.transfer.Table.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a file's tables are seen as the carried ones.
final class SqliteLayout {
  /// Not carried as they are: migrations; answers, which come with their tasks; the feed's places,
  /// which come as heads.
  private static final Set<String> LEFT_OUT =
      Set.of("flyway_schema_history", "answer", "counter", "sqlite_sequence", "sqlite_stat1");

  private static final String TABLES =
      "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";

  private SqliteLayout() {}

  static List<View> of(Connection connection) throws SQLException {
    Map<String, View> views = new LinkedHashMap<>();
    for (String table : texts(connection, TABLES)) {
      if (!LEFT_OUT.contains(table)) {
        views.put(table, View.of(table, columns(connection, table)));
      }
    }
    views.computeIfPresent(
        "task",
        (_, task) ->
            task.with(
                new Column("response", Kind.TEXT),
                "answer.response",
                " LEFT JOIN answer ON answer.position = task.position"));
    views.computeIfPresent(
        "webhook_endpoint", (_, endpoint) -> endpoint.renamed("asymmetric", "key_pair"));
    views.computeIfPresent(
        "attempt",
        (_, attempt) ->
            attempt.with(
                new Column("application_id", Kind.ID),
                "delivery.application_id",
                " JOIN delivery ON delivery.id = attempt.delivery_id"));
    views.computeIfPresent(
        "late_wait",
        (_, wait) ->
            wait.with(
                new Column("application_id", Kind.ID),
                "task.application_id",
                " JOIN task ON task.id = late_wait.task_id"));
    views.computeIfPresent(
        "credential", (_, credential) -> credential.without(Set.of("used_amount")));
    views.put("spending", spending());
    views.put("head", head());
    return View.inOrder(views);
  }

  private static View spending() {
    return new View(
        "spending",
        List.of(
            new Column("application_id", Kind.ID),
            new Column("credential_id", Kind.ID),
            new Column("used_amount", Kind.NUMBER)),
        List.of("application_id", "id", "used_amount"),
        "credential");
  }

  /// What is given next is greater for all applications.
  private static View head() {
    return new View(
        "head",
        List.of(new Column("application_id", Kind.ID), new Column("position", Kind.NUMBER)),
        List.of("id", "(SELECT max(reserved) FROM counter WHERE name = 'position')"),
        "application");
  }

  /// The columns of a table. An id and a value are both bytes to SQLite.
  static Map<String, Kind> columns(Connection connection, String table) throws SQLException {
    Map<String, Kind> columns = new LinkedHashMap<>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
      while (result.next()) {
        String name = result.getString("name");
        columns.put(name, kind(name, result.getString("type")));
      }
    }
    return columns;
  }

  private static Kind kind(String column, String type) {
    return switch (type) {
      case "INTEGER" -> Kind.NUMBER;
      case "TEXT" -> Kind.TEXT;
      case "BLOB" -> column.equals("value") ? Kind.BYTES : Kind.ID;
      default ->
          throw new IllegalStateException(column + " is a " + type + ", which is not carried");
    };
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    var found = new ArrayList<String>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      while (result.next()) {
        found.add(result.getString(1));
      }
    }
    return found;
  }
}
