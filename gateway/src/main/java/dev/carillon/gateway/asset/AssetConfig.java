package dev.carillon.gateway.asset;

import java.time.Duration;

/// Bounds of the files the gateway keeps.
///
/// @param copies `asset.copy`: whether results are copied at all
/// @param copying how results are copied
/// @param uploads what callers may send
/// @param linkFor `asset.link-for`: how long a link lives; zero for as long as its task is kept
/// @param keepFor `keep-for`: how long tasks without a wish of their own are kept
public record AssetConfig(
    boolean copies, Copying copying, Uploads uploads, Duration linkFor, Duration keepFor) {

  /// How results are copied.
  ///
  /// @param maxBytes `asset.max-bytes`: one file
  /// @param maxFiles `asset.max-files`: of one task; the others stay where they are
  /// @param atOnce `asset.copies`: files being fetched at the same time
  /// @param attempt `asset.timeout`: one try, redirects included
  /// @param patience `asset.copy-for`: how long a file is tried again
  /// @param firstPause the pause after the first failure; doubles to [#LONGEST_PAUSE]
  public record Copying(
      long maxBytes,
      int maxFiles,
      int atOnce,
      Duration attempt,
      Duration patience,
      Duration firstPause) {
    /// The longest pause between two tries.
    public static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  }

  /// What callers may send.
  ///
  /// @param maxBytes `upload.max-bytes`: one file
  /// @param maxFiles `upload.max-files`: of one application at a time
  /// @param keepFor `upload.keep-for`: from the upload on
  /// @param time `upload.timeout`: until the last byte arrived
  public record Uploads(long maxBytes, int maxFiles, Duration keepFor, Duration time) {}
}
