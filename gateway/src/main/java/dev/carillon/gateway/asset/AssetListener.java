package dev.carillon.gateway.asset;

import java.time.Duration;

/// Hears of kept files, for metrics.
public interface AssetListener {
  /// A result was copied, or was not.
  ///
  /// @param result `kept`, or why not, such as `gone` or `too_large`; from a small set
  /// @param bytes how many were kept
  /// @param took with all tries
  void copied(String result, long bytes, Duration took);

  /// A caller sent a file.
  ///
  /// @param result `kept`, or why not
  void uploaded(String result, long bytes);

  /// Folders of tasks that are no longer there, and uploads past their time, were deleted.
  void swept(int count);
}
