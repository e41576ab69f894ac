package dev.carillon.gateway.engine;

import java.util.concurrent.Semaphore;

/// Places at providers that are given back before the end of their task is stored, as what is left
/// to do needs nothing there. Only so many at once: what is made and not stored waits for commits
/// and for files to be copied, and providers that went on meanwhile without bound would fill all
/// that the engine looks at with what cannot be stored.
final class EarlyLeave {
  /// Enough for the commits of some thousand tasks a second, and few beside the tasks that may be
  /// looked at.
  static final int MOST = 200;

  private final Semaphore places = new Semaphore(MOST);
  private final Runnable heard;

  /// @param heard whom to tell of each place that is free
  EarlyLeave(Runnable heard) {
    this.heard = heard;
  }

  /// False when too many have left whose end is not stored yet; then the end tells of the place.
  boolean take() {
    return places.tryAcquire();
  }

  /// Tells that a place is free.
  void tell() {
    heard.run();
  }

  /// The end of one that had left is stored, or its work is over for now.
  void stored() {
    places.release();
  }
}
