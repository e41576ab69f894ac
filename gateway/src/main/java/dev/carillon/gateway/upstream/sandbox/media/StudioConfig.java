package dev.carillon.gateway.upstream.sandbox.media;

import java.nio.file.Path;
import java.time.Duration;

/// How the sandbox renders and keeps files.
///
/// @param folder where rendered files lie; may be emptied at any time
/// @param cacheBytes how much they may take together
/// @param threads how many files are rendered at once, 1 to 16
/// @param queue how many may wait to be rendered, from 1
/// @param patience how long a reader waits for a file before it is told to ask again
public record StudioConfig(
    Path folder, long cacheBytes, int threads, int queue, Duration patience) {
  private static final int MOST_THREADS = 16;

  public StudioConfig {
    if (cacheBytes < 0 || threads < 1 || threads > MOST_THREADS || queue < 1) {
      throw new IllegalArgumentException(
          "cacheBytes >= 0, 1 <= threads <= 16 and queue >= 1 are needed");
    }
  }

  /// 512 MiB, one thread, 64 waiting, 60 s.
  public static StudioConfig in(Path folder) {
    return new StudioConfig(folder, 512L << 20, 1, 64, Duration.ofSeconds(60));
  }
}
