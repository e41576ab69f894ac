package dev.carillon.gateway.domain;

import java.nio.file.Path;
import java.time.Duration;

/// Where the media files come from that the gateway serves itself.
public interface MediaSource {

  /// Finds a file, or makes it now.
  ///
  /// @param token the file's name in the URL
  /// @param extension its ending, without a dot
  Media open(String token, String extension) throws InterruptedException;

  /// What was found.
  sealed interface Media {
    /// A complete file. Its bytes never change.
    ///
    /// @param length in bytes
    /// @param contentType its media type
    /// @param etag names its bytes; without quotes
    record Ready(Path path, long length, String contentType, String etag) implements Media {}

    /// There is no such file and never was.
    record Missing() implements Media {}

    /// It cannot be made now.
    ///
    /// @param retryAfter when asking again makes sense
    record Busy(Duration retryAfter) implements Media {}
  }
}
