package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One claim being worked on: its thread, and why it was interrupted if it was.
final class Run {
  enum Stop {
    CANCELLED,
    LATE,
    SHUTDOWN
  }

  private final Claim claim;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Stop stop;

  Run(Claim claim) {
    this.claim = claim;
  }

  Claim claim() {
    return claim;
  }

  synchronized void start(Runnable work) {
    Thread made = Thread.ofVirtual().name("task-" + claim.task().id()).unstarted(work);
    thread = made;
    made.start();
    if (stop != null) {
      made.interrupt();
    }
  }

  /// The provider gave its outcome: from now on nothing may keep it from being stored.
  synchronized void returned() {
    thread = null;
    Thread.interrupted();
  }

  void cancel() {
    interrupt(Stop.CANCELLED);
  }

  void late() {
    interrupt(Stop.LATE);
  }

  void shutDown() {
    interrupt(Stop.SHUTDOWN);
  }

  /// Why the work was interrupted; an interrupt of unknown origin counts as a shutdown, since that
  /// leaves the task for the next start.
  Stop reason() {
    return Objects.requireNonNullElse(stop, Stop.SHUTDOWN);
  }

  private synchronized void interrupt(Stop why) {
    if (stop == null) {
      stop = why;
      Thread running = thread;
      if (running != null) {
        running.interrupt();
      }
    }
  }
}
