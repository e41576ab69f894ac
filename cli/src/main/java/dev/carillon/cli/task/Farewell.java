package dev.carillon.cli.task;

import java.io.PrintWriter;

/// What to say when Ctrl-C ends the command: that the work goes on, and how to come back to it. The
/// virtual machine then exits with the code of the signal, 130.
final class Farewell implements AutoCloseable {
  private final PrintWriter err;
  private final Thread hook = Thread.ofPlatform().name("farewell").unstarted(this::say);
  private volatile String words;

  Farewell(PrintWriter err, String words) {
    this.err = err;
    this.words = words;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// From now on it says this.
  void words(String words) {
    this.words = words;
  }

  private void say() {
    err.println();
    err.println("carillon: " + words);
    err.flush();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // It is being said.
    }
  }
}
