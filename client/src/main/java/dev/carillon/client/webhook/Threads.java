package dev.carillon.client.webhook;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes daemon threads with telling names. They do not keep a program alive that has ended
/// everything else; what they were at is in the inbox.
final class Threads {
  private Threads() {}

  static ThreadFactory named(String name) {
    var number = new AtomicInteger();
    return work -> {
      var thread = new Thread(work, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
