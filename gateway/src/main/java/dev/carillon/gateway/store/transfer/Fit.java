package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.transfer.Table.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whether a database can take what is to be carried.
final class Fit {
  private Fit() {}

  /// @throws TransferException when it holds anything already, or lacks a table or a column
  static void require(Connection connection, List<View> views, Manifest manifest)
      throws SQLException {
    requireEmpty(connection, views);
    Map<String, View> known = new HashMap<>();
    views.forEach(view -> known.put(view.name(), view));
    for (Table table : manifest.tables()) {
      View view = known.get(table.name());
      if (view == null
          || table.columns().isEmpty()
          || !view.columns().containsAll(table.columns())) {
        throw new TransferException(
            "this Carillon does not know all of what is to be moved (the table "
                + table.name()
                + " has "
                + names(table)
                + (view == null ? "" : "; known are " + view.names())
                + "): use the version that made it, or a newer one");
      }
    }
  }

  private static String names(Table table) {
    return String.join(", ", table.columns().stream().map(Column::name).toList());
  }

  private static void requireEmpty(Connection connection, List<View> views) throws SQLException {
    var found = new ArrayList<String>();
    for (View view : views) {
      try (var statement = connection.createStatement();
          var result = statement.executeQuery(view.count())) {
        long rows = result.next() ? result.getLong(1) : 0;
        if (rows > 0) {
          found.add(view.name() + " has " + rows);
        }
      }
    }
    if (!found.isEmpty()) {
      throw new TransferException(
          "the destination is not empty ("
              + String.join(", ", found)
              + "): name a new database or folder that no gateway was started on");
    }
  }
}
