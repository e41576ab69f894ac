package dev.carillon.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Files and folders of the tests, all in one place of the build folder: what a failed test leaves
/// can be looked at, and goes with the next clean build.
final class Scratch {
  private static final Path PLACE =
      Path.of(System.getProperty("carillon.scratch", "target/scratch")).toAbsolutePath();

  private Scratch() {}

  static Path folder(String prefix) throws IOException {
    return Files.createTempDirectory(Files.createDirectories(PLACE), prefix);
  }

  static Path file(String prefix, String suffix) throws IOException {
    return Files.createTempFile(Files.createDirectories(PLACE), prefix, suffix);
  }
}
