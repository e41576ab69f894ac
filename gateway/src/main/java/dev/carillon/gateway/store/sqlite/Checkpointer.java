package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.Threads;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves the write-ahead log into the file while the writer goes on. SQLite would let the writer do
/// it in one piece at the end of a commit, and all that is to be written would wait.
///
/// Only the writer can begin the log anew, and only when all of it has been moved. So when the log
/// is long, what came meanwhile is moved at once, and the writer moves what it wrote after that,
/// which is little.
///
/// Source: "Write-Ahead Logging" of SQLite's documentation, and `PRAGMA wal_checkpoint`: a passive
/// checkpoint waits for nobody and hinders neither readers nor the writer.
final class Checkpointer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /// About ten pages each, where they are of one task: so little that a commit hardly waits while
  /// the disk syncs them. More often costs more, as the same pages are moved again and again.
  private static final int WRITES_BETWEEN = 100;

  private final Database database;
  private final int longPages;
  private final Semaphore wanted = new Semaphore(0);
  private final Thread thread;
  private int writes; // since the last checkpoint was asked for; of the writer
  private volatile boolean isLong;
  private volatile boolean closing;

  /// @param longPages how many pages make a long log
  Checkpointer(Database database, int longPages) {
    this.database = database;
    this.longPages = longPages;
    this.thread = Thread.ofPlatform().name("store-checkpoint").unstarted(this::loop);
  }

  void start() {
    thread.start();
  }

  /// The writer has committed so many writes.
  void committed(int count) {
    writes += count;
    if (writes >= WRITES_BETWEEN) {
      writes = 0;
      wanted.release();
    }
  }

  /// Whether the writer should move the rest now; then asks once.
  boolean leavesTheRest() {
    boolean leaves = isLong;
    isLong = false;
    return leaves;
  }

  private void loop() {
    boolean moves = true;
    while (moves) {
      wanted.acquireUninterruptibly();
      wanted.drainPermits();
      moves = !closing && move();
    }
  }

  /// False when no more is to be moved here. Whoever writes has to hear of a sync that failed, and
  /// the system tells it once to each that has the file open: so the rest is left to the writer,
  /// which opened it first.
  private boolean move() {
    try (Session session = database.checkpointer()) {
      if (moved(session) >= longPages) {
        var _ = moved(session); // what came meanwhile, so that little is left to the writer
        isLong = true;
      }
      return true;
    } catch (IOException failure) {
      LOG.warn("{} cannot be synced; checkpoints are left to the writer", database, failure);
      return false;
    } catch (SQLException | RuntimeException | Error later) {
      LOG.debug("a checkpoint failed, and comes again", later);
      return true;
    }
  }

  /// How many pages the log had.
  private int moved(Session session) throws SQLException, IOException {
    int pages = session.checkpoint();
    database.sync(); // SQLite does so only where it moved all, and then for all
    return pages;
  }

  /// The writer must have closed its connection.
  @Override
  public void close() {
    closing = true;
    wanted.release();
    Threads.awaitEnd(thread);
  }
}
