package dev.carillon.cli.task;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a command that waits for a task does with its result.
final class ResultOptions {
  private static final Duration LONGEST = Duration.ofDays(30);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE|DIR",
      description = "Save the result; further ones as FILE-2, FILE-3.")
  private @Nullable Path output;

  @Option(
      names = "--timeout",
      paramLabel = "SPAN",
      converter = Spans.class,
      description = "Wait no longer than this, such as 5m; the task goes on (until it ends).")
  private Duration timeout = LONGEST;

  Optional<Path> output() {
    return Optional.ofNullable(output);
  }

  Duration timeout() {
    return timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
  }
}
