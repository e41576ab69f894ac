package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.transfer.Table.Column;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads the tables of one database as of one moment.
record TableReading(Connection connection, List<View> views) {
  /// So many rows stand in memory.
  private static final int FETCHED = 500;

  TableReading {
    views = List.copyOf(views);
  }

  /// All tables with their counts.
  List<Table> tables() throws SQLException {
    var tables = new ArrayList<Table>();
    for (View view : views) {
      tables.add(view.table(number(view.count())));
    }
    return tables;
  }

  long number(String query) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(query)) {
      return result.next() ? result.getLong(1) : 0;
    }
  }

  void read(Table table, Origin.Rows rows) throws IOException, SQLException {
    View view =
        views.stream().filter(one -> one.name().equals(table.name())).findFirst().orElseThrow();
    var values = new @Nullable Object[table.columns().size()];
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(FETCHED);
      try (var result = statement.executeQuery(view.select())) {
        while (result.next()) {
          for (int i = 0; i < values.length; i++) {
            values[i] = value(result, i + 1, table.columns().get(i));
          }
          rows.row(values);
        }
      }
    }
  }

  private static @Nullable Object value(ResultSet result, int index, Column column)
      throws SQLException {
    return switch (column.kind()) {
      case ID -> id(result.getObject(index));
      case TEXT -> result.getString(index);
      case NUMBER -> {
        long number = result.getLong(index);
        yield result.wasNull() ? null : number;
      }
      case BYTES -> result.getBytes(index);
    };
  }

  private static @Nullable Object id(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      var buffer = ByteBuffer.wrap(bytes);
      return new UUID(buffer.getLong(), buffer.getLong());
    }
    return value;
  }
}
