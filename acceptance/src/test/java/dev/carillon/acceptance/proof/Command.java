package dev.carillon.acceptance.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs the machine's programs to their end.
final class Command {
  private static final int SECONDS = 120;

  private Command() {}

  /// How a program ended.
  record Ending(int status, String output) {}

  /// Runs one that has to succeed.
  ///
  /// @return what it wrote
  /// @throws AssertionError when it fails or takes too long
  static String run(String... command) {
    Ending ending = attempt(List.of(command));
    if (ending.status() != 0) {
      throw new AssertionError(String.join(" ", command) + " failed: " + ending.output());
    }
    return ending.output();
  }

  /// Whether one succeeds.
  static boolean succeeds(String... command) {
    return attempt(List.of(command)).status() == 0;
  }

  private static Ending attempt(List<String> command) {
    return attempt(
        new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true));
  }

  /// Runs one as it is set up, and says how it ended; -1 when it could not be started or took too
  /// long.
  static Ending attempt(ProcessBuilder command) {
    try {
      // Into a file, for a server that a program starts keeps its output open.
      Path output = Files.createTempFile("carillon-proof-", ".txt");
      Process process = command.redirectOutput(output.toFile()).start();
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
      Files.delete(output);
      return new Ending(ended ? process.exitValue() : -1, text);
    } catch (IOException absent) {
      return new Ending(-1, String.valueOf(absent.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }

  static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }
}
