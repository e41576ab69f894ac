package dev.carillon.gateway.store.transfer;

import dev.carillon.gateway.store.transfer.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A carried table and how one database selects it.
///
/// @param expressions one for each column
/// @param from what is selected from
record View(String name, List<Column> columns, List<String> expressions, String from) {
  /// These are read before all others: the rest refers to them.
  private static final List<String> FIRST =
      List.of("account", "application", "head", "credential", "spending");

  View {
    columns = List.copyOf(columns);
    expressions = List.copyOf(expressions);
  }

  /// A table as the database has it.
  static View of(String name, Map<String, Kind> columns) {
    var carried = new ArrayList<Column>();
    var expressions = new ArrayList<String>();
    columns.forEach((column, kind) -> {
      carried.add(new Column(column, kind));
      expressions.add(name + "." + column);
    });
    return new View(name, carried, expressions, name);
  }

  String select() {
    return "SELECT " + String.join(", ", expressions) + " FROM " + from;
  }

  String count() {
    return "SELECT count(*) FROM " + from;
  }

  Table table(long rows) {
    return new Table(name, columns, rows);
  }

  View without(Set<String> left) {
    var kept = new ArrayList<Column>();
    var expressions = new ArrayList<String>();
    for (int i = 0; i < columns.size(); i++) {
      if (!left.contains(columns.get(i).name())) {
        kept.add(columns.get(i));
        expressions.add(this.expressions.get(i));
      }
    }
    return new View(name, kept, expressions, from);
  }

  /// With one column more.
  ///
  /// @param join what is selected from besides; empty for nothing
  View with(Column column, String expression, String join) {
    var more = new ArrayList<>(columns);
    more.add(column);
    var expressions = new ArrayList<>(this.expressions);
    expressions.add(expression);
    return new View(name, more, expressions, from + join);
  }

  View renamed(String column, String to) {
    return new View(
        name,
        columns.stream()
            .map(one -> one.name().equals(column) ? new Column(to, one.kind()) : one)
            .toList(),
        expressions,
        from);
  }

  static List<View> inOrder(Map<String, View> views) {
    var names = new TreeSet<>(views.keySet());
    FIRST.forEach(names::remove);
    var ordered = new ArrayList<String>(FIRST);
    ordered.addAll(names);
    return ordered.stream().flatMap(name -> Optional.ofNullable(views.get(name)).stream()).toList();
  }

  /// The columns' names, for a message.
  String names() {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }
}
