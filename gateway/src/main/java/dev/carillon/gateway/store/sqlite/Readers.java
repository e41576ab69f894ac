package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The connections that read. A read of one row runs on the caller's own thread; everything longer
/// runs on a few platform threads, since a native call holds a virtual thread's carrier.
final class Readers implements AutoCloseable {
  private static final int MOST_WAITING = 4_096;

  private final Database database;
  private final int connections;
  private final Semaphore permits;
  private final ConcurrentLinkedDeque<Slot> idle = new ConcurrentLinkedDeque<>();
  private final ExecutorService longReads;
  private volatile boolean closed;

  Readers(Database database, int connections) {
    this.database = database;
    this.permits = new Semaphore(connections, true);
    this.connections = connections;
    // Half of the connections stay free for reads of one row.
    int threads = Math.max(1, connections / 2);
    this.longReads =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().name("store-reader-", 0).daemon().factory());
  }

  /// Runs a short read on this thread.
  <T> T shortly(Read<T> read) {
    Slot slot = borrow();
    try {
      if (closed) {
        throw new StoreUnavailableException("the store is closed");
      }
      return read.from(slot.session());
    } catch (SQLException failure) {
      slot.close();
      throw new StoreUnavailableException("the database cannot be read now", failure);
    } finally {
      giveBack(slot);
    }
  }

  /// Runs a long read on a platform thread and waits for it.
  <T> T atLength(Read<T> read) {
    try {
      return join(longReads.submit(() -> shortly(read)));
    } catch (RejectedExecutionException full) {
      throw new StoreUnavailableException("too many reads are waiting", full);
    }
  }

  private static <T> T join(Future<T> reading) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return reading.get();
        } catch (InterruptedException kept) {
          interrupted = true;
        } catch (ExecutionException failure) {
          throw failure.getCause() instanceof StoreUnavailableException cannot
              ? new StoreUnavailableException("the database cannot be read now", cannot)
              : new IllegalStateException(failure.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// The one used last comes first, as its pages are still at hand. More than a few wait here only
  /// while long reads run: a virtual thread keeps its carrier for as long as it has a connection.
  private Slot borrow() {
    permits.acquireUninterruptibly();
    Slot slot = idle.pollFirst();
    return slot == null ? new Slot() : slot;
  }

  private void giveBack(Slot slot) {
    idle.addFirst(slot);
    permits.release();
  }

  /// Waits for reads under way, then closes all connections.
  @Override
  public void close() {
    closed = true;
    longReads.close();
    var all = new ArrayList<Slot>();
    while (all.size() < connections) {
      Slot slot = borrow();
      slot.close();
      all.add(slot);
    }
    all.forEach(this::giveBack);
  }

  /// Reads with a session of its own.
  @FunctionalInterface
  interface Read<T> {
    T from(Session session) throws SQLException;
  }

  /// A connection opened on first use, and again after it failed.
  private final class Slot {
    private @Nullable Session session;

    private Session session() throws SQLException {
      Session open = session;
      if (open == null) {
        open = database.reader();
        session = open;
      }
      return open;
    }

    private void close() {
      Session open = session;
      session = null;
      if (open != null) {
        try {
          open.close();
        } catch (SQLException ignored) {
          // It is given up either way.
        }
      }
    }
  }
}
