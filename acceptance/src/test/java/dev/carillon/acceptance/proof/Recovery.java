package dev.carillon.acceptance.proof;

/// Measures how long a load is refused after its way is free again.
final class Recovery {
  private static final long LONGEST_MILLIS = 60_000;

  private Recovery() {}

  /// Waits until another task is accepted.
  ///
  /// @return after how many milliseconds
  static long millis(Load load) {
    int before = load.accepted();
    long began = System.nanoTime();
    long millis = 0;
    while (load.accepted() == before && load.isSending() && millis < LONGEST_MILLIS) {
      Run.pass(5);
      millis = (System.nanoTime() - began) / 1_000_000;
    }
    return millis;
  }
}
