package dev.carillon.gateway.manage;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Reply;
import java.util.List;
import java.util.stream.Collectors;

/// Writes tables as CSV (RFC 4180), with a line of names first.
final class Csv {
  private static final String TYPE = "text/csv; charset=utf-8; header=present";

  private final StringBuilder text = new StringBuilder(4_096);

  /// Whether the call asks for CSV: `?format=csv`, or an `Accept` that names it.
  static boolean isAskedBy(Call call) {
    return call.query("format")
        .map(format -> format.equals("csv"))
        .orElseGet(() -> call.header("Accept").orElse("").contains("text/csv"));
  }

  Csv line(List<String> cells) {
    text.append(cells.stream().map(Csv::cell).collect(Collectors.joining(","))).append("\r\n");
    return this;
  }

  /// A cell that a spreadsheet would take for a formula gets an apostrophe.
  private static String cell(String value) {
    boolean formula = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
    String safe = formula ? "'" + value : value;
    return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  /// @param name of the file that a browser makes of it
  Reply reply(String name) {
    return Reply.content(200, TYPE, text.toString())
        .withHeader("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .withHeader("Cache-Control", "private, no-store");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
