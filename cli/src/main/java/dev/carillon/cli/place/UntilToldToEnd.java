package dev.carillon.cli.place;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Runs something endless so that Ctrl-C ends it in order and with exit code 0.
public final class UntilToldToEnd {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private UntilToldToEnd() {}

  /// Something that ends when it is interrupted.
  @FunctionalInterface
  public interface Endless {
    /// Runs until it is interrupted.
    void run() throws InterruptedException;
  }

  /// Runs until it fails, or the process is told to end.
  public static void run(Endless endless) {
    Thread runner = Thread.currentThread();
    var ended = new CountDownLatch(1);
    Thread hook = Thread.ofPlatform().name("end").unstarted(() -> end(runner, ended));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      endless.run();
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /// A virtual machine that ends by a signal would answer with that signal's code, but to end is
  /// what was asked for.
  private static void end(Thread runner, CountDownLatch ended) {
    if (ended.getCount() == 0) {
      return;
    }
    runner.interrupt();
    try {
      var _ = ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }
}
