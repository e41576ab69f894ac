package dev.carillon.gateway.store;

/// What stores do with threads of their own.
public final class Threads {
  private Threads() {}

  /// Waits until a thread has ended. An interrupt is kept for later.
  public static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException kept) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
