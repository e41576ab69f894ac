package dev.carillon.gateway.asset;

import java.nio.file.Path;

/// A complete file on this machine's disk that is about to be kept.
///
/// @param bytes its length
/// @param sha256 of its bytes, as 64 hexadecimal digits
/// @param sniffed what it is
public record Staged(Path path, long bytes, String sha256, Sniffed sniffed) {
  /// The media type it is served with.
  public String contentType() {
    return sniffed.contentType();
  }
}
