package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fills the queues of [Dispatches] from the file, one destination after another, on a thread of
/// its own, so that handing out never waits for the disk.
final class DispatchReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DispatchReader.class);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(250);

  private final Dispatches dispatches;
  private final Readers readers;
  private final EndpointBook book;
  private final Thread thread;
  private volatile boolean closing;

  DispatchReader(Dispatches dispatches, Readers readers, EndpointBook book) {
    this.dispatches = dispatches;
    this.readers = readers;
    this.book = book;
    this.thread = Thread.ofPlatform().daemon().name("dispatch-reader").unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  private void loop() {
    while (!closing) {
      try {
        read(dispatches.awaitWish());
      } catch (InterruptedException asked) {
        // Only closing interrupts; the loop's condition decides.
      }
    }
  }

  private void read(Dispatches.Wish wish) {
    try {
      DueRows.Page page = readers.atLength(session -> DueRows.page(session, wish, book));
      dispatches.read(wish, page.found(), page.nextDue());
    } catch (StoreUnavailableException later) {
      again(wish);
    } catch (RuntimeException bug) {
      if (!closing) {
        LOG.error("cannot read the deliveries of a destination", bug);
      }
      again(wish);
    }
  }

  private void again(Dispatches.Wish wish) {
    if (!closing) {
      LockSupport.parkNanos(AFTER_FAILURE.toNanos());
    }
    dispatches.read(wish, List.of(), wish.before());
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException kept) {
      Thread.currentThread().interrupt();
    }
  }
}
