package dev.carillon.bench.caller;

import dev.carillon.client.TaskHandle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// How long commands take that only ask something, from the fork of the launcher to its exit.
public final class Commands {
  private static final int TIMES = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Place place;

  /// @param place the gateway that is asked
  public Commands(Place place) {
    this.place = place;
  }

  /// Measures each of them.
  public void run(CallerMeasures.Rows rows) throws IOException, InterruptedException {
    TaskHandle task =
        place
            .carillon()
            .submit("midjourney", "imagine", Map.of("prompt", "a bell [[sandbox take=0s]]"));
    task.await(PATIENCE);
    rows.add("commands.version", "carillon --version", times("--version"), "< 250 ms");
    rows.add(
        "commands.task-get", "carillon task get ID", times("task", "get", task.id()), "< 500 ms");
  }

  /// Once unmeasured, for the page cache.
  private String times(String... words) throws IOException, InterruptedException {
    runOnce(words);
    var millis = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long begin = System.nanoTime();
      runOnce(words);
      millis[i] = (System.nanoTime() - begin) / 1e6;
    }
    Arrays.sort(millis);
    return String.format(
        Locale.ROOT,
        "%.0f ms (median of %d; worst %.0f ms)",
        (millis[TIMES / 2 - 1] + millis[TIMES / 2]) / 2,
        TIMES,
        millis[TIMES - 1]);
  }

  private void runOnce(String... words) throws IOException, InterruptedException {
    var launcher = Path.of(System.getProperty("carillon.root", ".")).resolve("carillon");
    var command = new String[words.length + 1];
    command[0] = launcher.toString();
    System.arraycopy(words, 0, command, 1, words.length);
    Path said = Files.createTempFile("carillon-bench", ".log");
    try {
      var builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().put("CARILLON_URL", place.url());
      builder.environment().put("CARILLON_TOKEN", place.token());
      if (builder.redirectOutput(said.toFile()).start().waitFor() != 0) {
        throw new IOException(
            String.join(" ", command) + ": " + Files.readString(said, StandardCharsets.UTF_8));
      }
    } finally {
      Files.delete(said);
    }
  }
}
