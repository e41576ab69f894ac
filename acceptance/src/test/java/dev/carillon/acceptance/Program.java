package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A program of another language that checks something of ours and says by its exit status how it
/// went.
final class Program {
  private Program() {}

  /// Runs it to its end; past the time it and its children are ended.
  ///
  /// @param failure what it means when it fails, such as `the official client is not content`
  /// @throws AssertionError with all it printed, when it does not end in time or not with 0
  static void run(ProcessBuilder program, String failure, int seconds)
      throws IOException, InterruptedException {
    Path output = Scratch.file("program-", ".txt");
    Process process = program.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    assertThat(ended && process.exitValue() == 0)
        .as("%s (in time: %s):%n%s", failure, ended, Files.readString(output))
        .isTrue();
  }
}
