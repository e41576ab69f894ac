package dev.carillon.gateway.asset.s3;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Opens files for callers that take no checked exception.
final class FileStreams {
  private FileStreams() {}

  static InputStream open(Path file) {
    try {
      return new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
