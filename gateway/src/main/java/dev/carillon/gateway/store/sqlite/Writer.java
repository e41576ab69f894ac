package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.Threads;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes. It takes all verbs that wait, up to a batch, and commits them
/// together: the longer a commit takes, the more the next one carries.
///
/// Nothing that fails ends the thread, as callers would wait for ever.
///
/// A batch that fails by one verb's fault is rolled back and its verbs are run each alone. A batch
/// that fails by the machine's fault, such as a full disk, fails as a whole; the writer then tries
/// on its own, about twice a second, until writing works again.
final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final long MOST_IDLE_MILLIS = 250;

  /// Primary result codes of SQLite that say the machine cannot, whatever the verb: busy, locked,
  /// out of memory, read-only, I/O error, corrupt, disk full, cannot open, protocol, not a
  /// database.
  private static final Set<Integer> MACHINE = Set.of(5, 6, 7, 8, 10, 11, 13, 14, 15, 26);

  private static final String PROBE =
      "UPDATE counter SET reserved = reserved WHERE name = 'position'";

  private final Database database;
  private final int batchSize;
  private final long idleMillis;
  private final Books books;
  private final BlockingQueue<Verb<?>> waiting;
  private final Function<Boolean, Optional<RunningNotes.Write>> notes;
  private final Thread thread;
  private final Checkpointer checkpointer;
  private @Nullable Transaction transaction; // of the writer thread
  private boolean hasMoreNotes; // of the writer thread
  private volatile boolean healthy = true;
  private volatile boolean closing;
  private volatile boolean stopped;

  /// @param notes asked before each batch for running states to write; given whether the store
  ///   closes
  Writer(
      Database database,
      SqliteConfig config,
      Books books,
      Function<Boolean, Optional<RunningNotes.Write>> notes) {
    this.database = database;
    this.batchSize = config.batch();
    this.idleMillis = Math.clamp(config.noteEvery().toMillis(), 1, MOST_IDLE_MILLIS);
    this.books = books;
    this.waiting = new ArrayBlockingQueue<>(config.waitingVerbs());
    this.notes = notes;
    this.checkpointer = new Checkpointer(database, database.checkpointPages());
    this.thread = Thread.ofPlatform().name("store-writer").unstarted(this::loop);
  }

  void start() {
    thread.start();
    checkpointer.start();
  }

  /// Whether a write would be taken now.
  boolean ready() {
    return healthy && !closing && waiting.remainingCapacity() > 0;
  }

  /// Runs a verb and waits for its commit.
  ///
  /// @throws StoreUnavailableException when too many wait, or the database cannot be written to
  <T> T run(Verb<T> verb) {
    if (!offer(verb)) {
      throw new StoreUnavailableException("too many writes are waiting");
    }
    return verb.await();
  }

  /// Puts a verb in the queue, to be awaited by the caller. False when the queue is full.
  boolean offer(Verb<?> verb) {
    if (closing) {
      throw new StoreUnavailableException("the store is closed");
    }
    if (!waiting.offer(verb)) {
      return false;
    }
    if (stopped) {
      refuseTheRest();
    }
    return true;
  }

  private void loop() {
    var batch = new ArrayList<Verb<?>>(batchSize);
    while (gather(batch)) {
      if (!batch.isEmpty()) {
        commit(batch);
        checkpoint(batch.size());
      } else if (!healthy) {
        probe();
      }
    }
    stopped = true;
    refuseTheRest();
    rollback();
  }

  /// Fills the batch. False when the writer is to stop and nothing waits.
  private boolean gather(List<Verb<?>> batch) {
    batch.clear();
    try {
      Verb<?> first =
          closing || hasMoreNotes
              ? waiting.poll()
              : waiting.poll(idleMillis, TimeUnit.MILLISECONDS);
      if (first != null) {
        batch.add(first);
        waiting.drainTo(batch, batchSize - 1);
      }
      Optional<RunningNotes.Write> write = notes.apply(closing);
      hasMoreNotes = write.filter(RunningNotes.Write::isFull).isPresent();
      write.ifPresent(batch::add);
    } catch (InterruptedException asked) {
      closing = true;
    }
    return !closing || !batch.isEmpty();
  }

  private void commit(List<Verb<?>> batch) {
    try {
      write(batch);
      succeed(batch);
    } catch (SQLException | RuntimeException | Error failure) {
      rollback();
      if (isTheMachine(failure)) {
        unhealthy(failure);
        fail(batch, failure);
      } else {
        LOG.warn("a batch of {} writes failed, running each alone", batch.size(), failure);
        batch.forEach(this::commitAlone);
      }
    }
  }

  /// Nobody waits for this one but those that come meanwhile.
  private void checkpoint(int writes) {
    if (checkpointer.leavesTheRest() && transaction != null) {
      try {
        transaction.session().checkpoint();
      } catch (SQLException | RuntimeException | Error failure) {
        LOG.debug("a checkpoint failed, and comes again", failure);
      }
    }
    checkpointer.committed(writes); // only now, as one checkpoint hinders another
  }

  private void commitAlone(Verb<?> verb) {
    var alone = List.<Verb<?>>of(verb);
    try {
      write(alone);
      succeed(alone);
    } catch (SQLException | RuntimeException | Error failure) {
      rollback();
      LOG.error("a write failed: {}", verb.getClass().getSimpleName(), failure);
      if (isTheMachine(failure)) {
        unhealthy(failure);
      }
      fail(alone, failure);
    }
  }

  private void write(List<Verb<?>> batch) throws SQLException {
    Transaction open = connected();
    open.begin();
    for (Verb<?> verb : batch) {
      verb.attempt(open);
    }
    open.commit();
  }

  /// Lets each verb tell what is durable now, in order, and then its caller go on.
  private void succeed(List<Verb<?>> batch) {
    if (!healthy) {
      healthy = true;
      LOG.info("the database {} can be written to again", database);
    }
    for (Verb<?> verb : batch) {
      try {
        verb.succeed();
      } catch (RuntimeException bug) {
        LOG.error("after a commit, {} failed", verb.getClass().getSimpleName(), bug);
      }
      verb.finish();
    }
  }

  private static void fail(List<Verb<?>> batch, Throwable cause) {
    for (Verb<?> verb : batch) {
      verb.fail(cause);
      verb.finish();
    }
  }

  private void unhealthy(Throwable cause) {
    if (healthy) {
      healthy = false;
      LOG.error("the database {} cannot be written to", database, cause);
    }
  }

  private void probe() {
    try {
      Transaction open = connected();
      open.begin();
      open.sql(PROBE).update();
      open.commit();
      succeed(List.of());
    } catch (SQLException | RuntimeException still) {
      rollback();
      LOG.debug("the database still cannot be written to", still);
    }
  }

  private static boolean isTheMachine(Throwable failure) {
    return failure instanceof SQLException sql && MACHINE.contains(sql.getErrorCode() & 0xff);
  }

  private Transaction connected() throws SQLException {
    Transaction open = transaction;
    if (open == null) {
      open = new Transaction(database.writer(), books);
      transaction = open;
    }
    return open;
  }

  private void rollback() {
    Transaction open = transaction;
    transaction = null;
    if (open == null) {
      return;
    }
    try {
      open.rollback();
    } catch (SQLException failure) {
      LOG.warn("cannot close the writing connection", failure);
    }
  }

  private void refuseTheRest() {
    var rest = new ArrayList<Verb<?>>();
    waiting.drainTo(rest);
    fail(rest, new IllegalStateException("the store is closed"));
  }

  /// Commits what waits, then stops.
  @Override
  public void close() {
    closing = true;
    waiting.offer(new Wake());
    Threads.awaitEnd(thread);
    checkpointer.close();
  }

  /// Wakes an idle writer.
  private static final class Wake extends Verb<Boolean> {
    @Override
    Boolean run(Transaction transaction) {
      return true;
    }
  }
}
