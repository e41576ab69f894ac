package dev.carillon.acceptance.proof;

import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// One run of a program: its size, its history, a folder, and a voice.
record Run(String name, Options options, History history, Path folder) {

  /// This run with a folder within its own, for a second house.
  Run in(String name) {
    return new Run(this.name, options, history, folder.resolve(name));
  }

  /// Prints a line under the run's name, and keeps it in the history.
  void say(String line) {
    System.out.println(name + ": " + line);
    history.note("said", "line", line);
  }

  /// A source of chance of its own for one part of the run.
  Random random(int part) {
    return new Random(options.seed() * 1_000_003 + part);
  }

  /// Lets real time pass: load and nodes go on meanwhile, and nothing tells when it is enough.
  static void pass(long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(Math.min(until - System.nanoTime(), 50_000_000));
    }
  }
}
