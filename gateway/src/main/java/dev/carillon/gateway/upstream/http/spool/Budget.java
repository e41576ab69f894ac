package dev.carillon.gateway.upstream.http.spool;

/// A number of bytes that all share. Nobody waits for them. Guards itself.
final class Budget {
  private long left;

  Budget(long bytes) {
    this.left = bytes;
  }

  /// Takes so many, or none.
  synchronized boolean take(long bytes) {
    if (bytes > left) {
      return false;
    }
    left -= bytes;
    return true;
  }

  synchronized void give(long bytes) {
    left += bytes;
  }
}
