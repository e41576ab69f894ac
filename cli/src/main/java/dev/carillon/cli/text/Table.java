package dev.carillon.cli.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Prints rows in columns as wide as they need to be.
public record Table(List<String> fields) {

  /// The rows under a line of names.
  public String of(JsonNode items) {
    var rows = new ArrayList<List<String>>();
    rows.add(fields.stream().map(field -> field.toUpperCase(Locale.ROOT)).toList());
    items.forEach(item -> rows.add(fields.stream().map(field -> cell(item.path(field))).toList()));
    int[] widths = new int[fields.size()];
    rows.forEach(row -> {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    });
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return text.toString();
  }

  /// A value as one cell: the items of a list with spaces between, nothing for null.
  public static String cell(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    return value.isArray()
        ? String.join(" ", value.valueStream().map(Table::cell).toList())
        : value.isContainer() ? value.toString() : value.asString();
  }
}
