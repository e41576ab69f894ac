package dev.carillon.bench.caller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;

/// The measures of the caller's side, on one server.
public final class CallerMeasures {
  private static final int PER_SECOND = 50;
  private static final int TASKS_A_KILL = 100;

  private final Place place;
  private final int tasks;
  private final int handles;

  /// Takes a row of the report.
  public interface Rows {
    void add(String key, String what, String value, String target);
  }

  /// @param tasks whose ends are heard of
  /// @param handles awaited at once
  public CallerMeasures(Place place, int tasks, int handles) {
    this.place = place;
    this.tasks = tasks;
    this.handles = handles;
  }

  /// Measures. The killed program comes first: what it bought is counted at the gateway.
  public void run(Rows rows) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("carillon-bench-caller");
    try {
      var programs = new Programs(place, folder);
      rows.add(
          "caller.kills",
          "a buying program killed",
          programs.kills(Math.max(1, tasks / TASKS_A_KILL)),
          "0 lost, 0 paid twice in 100 kills");
      looks(rows);
      rows.add(
          "caller.handles",
          "handles awaited in one process",
          programs.handles(handles),
          "10,000 in < 200 MB");
    } finally {
      delete(folder);
    }
  }

  private void looks(Rows rows) throws InterruptedException {
    var looking = new Looking(place, PER_SECOND);
    var figures = looking.together(tasks);
    String many = String.format(Locale.ROOT, "%,d tasks", tasks);
    rows.add(
        "caller.foresight",
        "end to told, foresight by the compatible API, " + many,
        figures.late(),
        "mean <= 150 ms, <= 3 requests");
    rows.add("caller.fixed", "the same tasks every 3 s (arithmetic)", figures.fixed(), "");
    int fewer = Math.max(1, tasks / 10);
    rows.add(
        "caller.fixed.measured",
        String.format(Locale.ROOT, "end to told, a look every 3 s, %,d tasks", fewer),
        looking.fixed(fewer).late(),
        "");
    rows.add(
        "caller.feed",
        String.format(Locale.ROOT, "end to told, one feed for all, %,d tasks", fewer),
        looking.fed(fewer).late(),
        "mean <= 150 ms, <= 3 requests");
    rows.add(
        "caller.held",
        String.format(Locale.ROOT, "end to told, long poll, %,d tasks", fewer),
        looking.held(fewer).late(),
        "mean <= 150 ms, <= 3 requests");
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
