package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.transfer.Table.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How a database's tables are seen as the carried ones.
final class PostgresLayout {
  /// Not carried: migrations; nodes and what they count; what says the same as other tables do.
  private static final Set<String> LEFT_OUT =
      Set.of(
          "carillon_schema",
          "node",
          "rate_count",
          "open_task",
          "delivery_due",
          "delivery_failed",
          "kept_task");

  /// Parts of tables are not tables of their own.
  private static final String COLUMNS =
      "SELECT c.relname, a.attname, a.atttypid::regtype::text FROM pg_class AS c"
          + " JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
          + " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')"
          + " AND NOT c.relispartition ORDER BY c.relname, a.attnum";

  private PostgresLayout() {}

  static List<View> of(Connection connection) throws SQLException {
    Map<String, View> views = new LinkedHashMap<>();
    columns(connection).forEach((table, columns) -> views.put(table, view(table, columns)));
    views.computeIfPresent("late_wait", (_, wait) -> wait.without(Set.of("owner")));
    views.computeIfPresent("head", (_, head) -> head.without(Set.of("open", "open_tasks")));
    return View.inOrder(views);
  }

  /// A flag is read as a number.
  private static View view(String table, Map<String, String> types) {
    var columns = new ArrayList<Column>();
    var expressions = new ArrayList<String>();
    types.forEach((column, type) -> {
      columns.add(new Column(column, kind(column, type)));
      expressions.add(table + "." + column + (type.equals("boolean") ? "::integer" : ""));
    });
    return new View(table, columns, expressions, table);
  }

  /// The types of all columns of the tables that are carried.
  static Map<String, Map<String, String>> columns(Connection connection) throws SQLException {
    Map<String, Map<String, String>> tables = new LinkedHashMap<>();
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(COLUMNS)) {
      while (result.next()) {
        if (!LEFT_OUT.contains(result.getString(1))) {
          tables
              .computeIfAbsent(result.getString(1), _ -> new LinkedHashMap<>())
              .put(result.getString(2), result.getString(3));
        }
      }
    }
    return tables;
  }

  static boolean has(Connection connection, String table) throws SQLException {
    try (var statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      statement.setString(1, table);
      try (var result = statement.executeQuery()) {
        return result.next() && result.getBoolean(1);
      }
    }
  }

  private static Kind kind(String column, String type) {
    return switch (type) {
      case "uuid" -> Kind.ID;
      case "text" -> Kind.TEXT;
      case "bytea" -> Kind.BYTES;
      case "bigint", "integer", "smallint", "boolean" -> Kind.NUMBER;
      default ->
          throw new IllegalStateException(column + " is a " + type + ", which is not carried");
    };
  }
}
