package dev.carillon.gateway.store.transfer;

import java.util.List;

/// A table as it is carried.
///
/// @param columns in the order of each row's values
/// @param rows how many there are
record Table(String name, List<Column> columns, long rows) {
  Table {
    columns = List.copyOf(columns);
  }

  /// A column as it is carried.
  record Column(String name, Kind kind) {}

  /// The place of a column in a row; -1 when there is none.
  int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }
}
