package dev.carillon.bench.caller;

import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Counts the requests of the SDK in this process that ask for tasks, by the lines it logs.
final class Calls extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.carillon.client");
  private final LongAdder count = new LongAdder();

  Calls() {
    setLevel(Level.FINE);
    logger.setLevel(Level.FINE);
    logger.setUseParentHandlers(false);
    logger.addHandler(this);
  }

  long count() {
    return count.sum();
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getMessage().contains("/tasks") || line.getMessage().contains("/events")) {
      count.increment();
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
