package dev.carillon.gateway.store.queue;

import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fills the queues of [Dispatches] from the database, one destination after another, on a thread
/// of its own, so that handing out never waits for the disk.
public final class DispatchReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DispatchReader.class);
  private static final Duration AFTER_FAILURE = Duration.ofMillis(250);

  private final Dispatches dispatches;
  private final Source source;
  private final Thread thread;
  private volatile boolean closing;

  public DispatchReader(Dispatches dispatches, Source source) {
    this.dispatches = dispatches;
    this.source = source;
    this.thread = Thread.ofPlatform().daemon().name("dispatch-reader").unstarted(this::loop);
  }

  /// Begins to read.
  public void start() {
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

  private void read(Wish wish) {
    try {
      Page page = source.page(wish);
      dispatches.read(wish, page);
    } catch (StoreUnavailableException later) {
      again(wish);
    } catch (RuntimeException bug) {
      if (!closing) {
        LOG.error("cannot read the deliveries of a destination", bug);
      }
      again(wish);
    }
  }

  /// Only this destination waits a little; the others are read meanwhile.
  private void again(Wish wish) {
    dispatches.read(wish, Page.until(List.of(), wish.now() + AFTER_FAILURE.toMillis()));
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

  /// Reads what is due for one destination.
  @FunctionalInterface
  public interface Source {
    /// A part of what is due for a destination.
    ///
    /// @throws StoreUnavailableException when it is to be tried again
    Page page(Wish wish);
  }

  /// A part of what is due.
  ///
  /// @param again when to read on in any case, in epoch milliseconds; [Dispatches#NEVER] for not
  /// @param coming the first of what is due later, in the order of its times, [#COMING] at most
  public record Page(List<Dispatch> found, long again, List<Coming> coming) {
    /// So much of what is due later is read at most. Where a queue knows all of that, it is read on
    /// from the last one.
    public static final int COMING = 128;

    /// A delivery that is not due yet.
    ///
    /// @param at when it is, in epoch milliseconds
    public record Coming(DeliveryId id, long at) {}

    /// A part that is read on from at some time, in epoch milliseconds.
    public static Page until(List<Dispatch> found, long again) {
      return new Page(found, again, List.of());
    }

    /// A part behind which only this is left.
    public static Page before(List<Dispatch> found, List<Coming> coming) {
      return new Page(found, Dispatches.NEVER, coming);
    }

    /// When to read on, in epoch milliseconds; [Dispatches#NEVER] for not.
    ///
    /// @param known those that say themselves when they are to be read
    long nextDue(Predicate<DeliveryId> known) {
      long unknown =
          coming.stream()
              .filter(one -> !known.test(one.id))
              .mapToLong(Coming::at)
              .findFirst()
              .orElse(coming.size() < COMING ? Dispatches.NEVER : coming.getLast().at);
      return Math.min(again, unknown);
    }
  }
}
