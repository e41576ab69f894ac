package dev.carillon.bench;

import dev.carillon.bench.load.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Shows the rows: as a table on the terminal, in docs/benchmarks.md, and as JSON.
final class Report {
  private static final String BEGIN = "<!-- bench:begin -->";
  private static final String END = "<!-- bench:end -->";

  private Report() {}

  static String table(List<Row> rows) {
    return rows.stream()
        .map(row -> String.format("| %s | %s | %s |%n", row.what(), row.value(), row.target()))
        .collect(
            Collectors.joining("", "| measure | reached | target |\n| --- | --- | --- |\n", ""));
  }

  static String json(List<Row> rows) {
    return rows.stream()
        .map(row ->
            String.format(
                "  {\"key\": \"%s\", \"what\": \"%s\", \"value\": \"%s\", \"target\": \"%s\"}",
                row.key(),
                row.what().replace("\"", "\\\""),
                row.value().replace("\"", "\\\""),
                row.target()))
        .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  /// Replaces what stands between the markers; makes the page when there is none.
  static void write(Path page, List<Row> rows, String command) throws IOException {
    var text = BEGIN + "\n" + setting(command) + "\n" + table(rows) + END;
    var before =
        Files.exists(page)
            ? Files.readString(page)
            : "# Benchmarks\n\n" + BEGIN + "\n" + END + "\n";
    int from = before.indexOf(BEGIN);
    int to = before.indexOf(END);
    if (from < 0 || to < from) {
      throw new IOException(page + " lacks the lines " + BEGIN + " and " + END);
    }
    Files.writeString(page, before.substring(0, from) + text + before.substring(to + END.length()));
  }

  /// Machine, virtual machine, command and date.
  private static String setting(String command) throws IOException {
    return String.format(
        Locale.ROOT,
        "Measured on %s with `%s`: %s, %d cores, %s of memory, %s %s, %s %s. The load runs on the"
            + " same machine.%n",
        LocalDate.now(Clock.systemUTC()),
        command,
        proc("/proc/cpuinfo", "model name\\s*:\\s*(.*)", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        gigabytes(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        System.getProperty("java.vm.name"),
        System.getProperty("java.vm.version"));
  }

  private static String gigabytes() throws IOException {
    long kilobytes = Long.parseLong(proc("/proc/meminfo", "MemTotal:\\s*(\\d+)", "0"));
    return kilobytes == 0 ? "an unknown amount" : Math.round(kilobytes / 1048576.0) + " GiB";
  }

  private static String proc(String file, String pattern, String otherwise) throws IOException {
    if (!Files.isReadable(Path.of(file))) {
      return otherwise;
    }
    var found = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
    return found.find() ? found.group(1).strip() : otherwise;
  }
}
