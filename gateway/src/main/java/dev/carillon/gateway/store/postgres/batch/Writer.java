package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.Threads;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.sql.Faults;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads that write. Each takes all verbs that wait, up to a batch, and commits them
/// together: the longer a commit takes, the more the next one carries.
///
/// A batch that met another one is run again, and so is one with an order that is there already,
/// then carefully. A batch that fails by one verb's fault is rolled back and its verbs are run each
/// alone. A batch that fails by the machine's fault fails as a whole; when that may have happened
/// after the database took the commit, the verbs are told so.
public final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int MOST_TRIES = 8;
  private static final long PROBE_MILLIS = 500;

  /// How many batches of a lane are run by the same plans: what is open may grow from nothing to
  /// very much, and the plan for the one is a bad one for the other.
  private static final int PLANNED_FOR = 50;

  private final Database database;
  private final Limits limits;
  private final Sources sources;
  private final Consumer<News> news;
  private final Function<Boolean, Optional<? extends Verb<?>>> notes;
  private final Waiting waiting;
  private final List<Thread> threads = new ArrayList<>();
  private final Generals generals = new Generals();

  /// Of the lane that fills and runs a batch; given on at its commit. Two that ran theirs at once
  /// would wait for each other's locks, with half of what waits each.
  private final Semaphore turn = new Semaphore(1);

  /// How often the machine failed a lane: then the connections of the others may be dead, too, and
  /// each would find that out by itself, one after the other.
  private final AtomicInteger breaks = new AtomicInteger();

  private volatile boolean healthy = true;
  private volatile boolean closing;
  private volatile boolean killed;
  private volatile boolean stopped;

  /// What the writers are held to.
  ///
  /// @param writers how many threads
  /// @param waiting how many verbs may wait
  /// @param batch how many verbs are committed together at most
  /// @param batchBytes about how many bytes they may carry
  /// @param idleMillis how often an idle writer looks for notes
  public record Limits(int writers, int waiting, int batch, long batchBytes, long idleMillis) {}

  /// Where owner, time and ids come from.
  ///
  /// @param node the owner of what is accepted
  public record Sources(UUID node, InstantSource clock, Ids ids) {}

  /// Threads that are to be started.
  ///
  /// @param news told after each commit, before any caller goes on
  /// @param notes asked before each batch of the first writer for running states to write; given
  ///   whether the store closes
  public Writer(
      Database database,
      Limits limits,
      Sources sources,
      Consumer<News> news,
      Function<Boolean, Optional<? extends Verb<?>>> notes) {
    this.database = database;
    this.limits = limits;
    this.sources = sources;
    this.news = news;
    this.notes = notes;
    this.waiting = new Waiting(limits);
    for (int i = 0; i < limits.writers; i++) {
      boolean first = i == 0;
      threads.add(
          Thread.ofPlatform()
              .name("store-writer-" + i)
              .daemon()
              .unstarted(() -> new Lane(first).loop()));
    }
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  /// Whether a write would be taken now.
  public boolean ready() {
    return healthy && !closing && waiting.hasRoom();
  }

  /// Runs a verb and waits for its commit.
  ///
  /// @throws StoreUnavailableException when too many wait, or the database cannot be written to
  public <T> T run(Verb<T> verb) {
    if (!offer(verb)) {
      throw new StoreUnavailableException("too many writes are waiting");
    }
    return verb.await();
  }

  /// Puts a verb in the queue, to be awaited by the caller. False when the queue is full.
  public boolean offer(Verb<?> verb) {
    if (closing) {
      throw new StoreUnavailableException("the store is closed");
    }
    if (!waiting.offer(verb)) {
      return false;
    }
    if (stopped) {
      waiting.refuse();
    }
    return true;
  }

  /// Ends at once, as a process that is killed does; for tests of what is left then.
  public void kill() {
    killed = true;
    close();
  }

  /// Commits what waits, then stops.
  @Override
  public void close() {
    closing = true;
    threads.forEach(Threads::awaitEnd);
    stopped = true;
    waiting.refuse();
  }

  /// One writing thread and its connection.
  private final class Lane {
    private final boolean notesToo;
    private @Nullable Session session;
    private boolean committing;
    private boolean hasTurn;
    private int connectedAt;
    private int written;

    private Lane(boolean notesToo) {
      this.notesToo = notesToo;
    }

    private void loop() {
      var batch = new ArrayList<Verb<?>>(limits.batch);
      boolean more = true;
      while (more) {
        try {
          more = round(batch);
        } finally {
          giveTurn();
        }
      }
      disconnect();
    }

    /// False when the writer is to stop and nothing waits.
    private boolean round(List<Verb<?>> batch) {
      boolean more = gather(batch);
      if (!batch.isEmpty()) {
        commit(batch, true);
      } else if (more && !healthy) {
        giveTurn();
        probe();
      }
      return more;
    }

    private void takeTurn() {
      turn.acquireUninterruptibly();
      hasTurn = true;
    }

    private void giveTurn() {
      if (hasTurn) {
        hasTurn = false;
        turn.release();
      }
    }

    /// Fills the batch. False when the writer is to stop and nothing waits.
    private boolean gather(List<Verb<?>> batch) {
      batch.clear();
      if (killed) {
        return false;
      }
      try {
        Verb<?> first = waiting.first(closing ? 0 : limits.idleMillis);
        takeTurn();
        if (first != null) {
          batch.add(first);
          waiting.fill(batch);
        }
        if (notesToo) {
          notes.apply(closing).ifPresent(batch::add);
        }
      } catch (InterruptedException asked) {
        closing = true;
      }
      return !closing || !batch.isEmpty();
    }

    /// @param open whether orders that come meanwhile may join
    private void commit(List<Verb<?>> batch, boolean open) {
      try {
        write(batch, open);
      } catch (SQLException | RuntimeException | Error failure) {
        boolean unknown = committing && Faults.leavesDoubt(failure);
        disconnect();
        if (unknown || Faults.isTheMachine(failure)) {
          breaks.incrementAndGet();
          unhealthy(failure);
          fail(batch, failure, unknown);
        } else if (batch.size() == 1) {
          LOG.error("a write failed: {}", batch.getFirst().getClass().getSimpleName(), failure);
          fail(batch, failure, false);
        } else {
          LOG.warn("a batch of {} writes failed, running each alone", batch.size(), failure);
          batch.forEach(verb -> commit(List.of(verb), false));
        }
      }
    }

    /// Runs a batch until it is committed, again where it met another one or something in it is
    /// there already.
    private void write(List<Verb<?>> batch, boolean open) throws SQLException {
      boolean careful = false;
      for (int tries = 1; ; tries++) {
        try {
          News told = writeOnce(batch, careful, open && tries == 1);
          succeed(batch, told);
          return;
        } catch (SQLException failure) {
          boolean duplicate = !careful && Faults.isDuplicate(failure);
          if (tries == MOST_TRIES || !(duplicate || Faults.isConflict(failure))) {
            throw failure;
          }
          careful |= duplicate;
          committing = false;
          connected().rollback();
          LOG.debug("a batch of {} writes met another one", batch.size(), failure);
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(tries));
        }
      }
    }

    private News writeOnce(List<Verb<?>> verbs, boolean careful, boolean joinable)
        throws SQLException {
      committing = false;
      Session open = connected();
      open.begin();
      written++;
      if (written % PLANNED_FOR == 0) {
        open.forgetPlans();
      }
      var deliveries = new Deliveries(sources.node, sources.clock, sources.ids);
      var batch = new Batch(open, deliveries, new Batch.Given(sources.node, generals, careful));
      batch.run(List.copyOf(verbs), fits -> joinable ? waiting.join(verbs, fits) : List.of());
      giveTurn();
      committing = true;
      open.commit();
      committing = false;
      return News.of(batch);
    }

    /// Tells memory what is durable now, in order, and then lets each caller go on.
    private void succeed(List<Verb<?>> batch, News told) {
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
      }
      try {
        news.accept(told);
      } catch (RuntimeException bug) {
        LOG.error("after a commit, telling of it failed", bug);
      }
      batch.forEach(Verb::finish);
    }

    private void fail(List<Verb<?>> batch, Throwable cause, boolean unknown) {
      for (Verb<?> verb : batch) {
        try {
          verb.fail(cause, unknown);
        } catch (RuntimeException bug) {
          LOG.error("after a failure, {} failed", verb.getClass().getSimpleName(), bug);
        }
        verb.finish();
      }
    }

    private void unhealthy(Throwable cause) {
      if (healthy) {
        healthy = false;
        LOG.error("the database {} cannot be written to", database, cause);
      }
    }

    /// Tries about twice a second whether writing works again.
    private void probe() {
      try {
        Session open = connected();
        open.begin();
        open.sql("SELECT pg_is_in_recovery()").one(row -> row.flag());
        open.commit();
        succeed(List.of(), News.NONE);
      } catch (SQLException | RuntimeException still) {
        disconnect();
        LOG.debug("the database still cannot be written to", still);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PROBE_MILLIS));
      }
    }

    private Session connected() throws SQLException {
      int broken = breaks.get();
      if (connectedAt != broken) {
        disconnect();
      }
      Session open = session;
      if (open == null) {
        open = database.writing();
        session = open;
        connectedAt = broken;
      }
      return open;
    }

    private void disconnect() {
      Session open = session;
      session = null;
      committing = false;
      if (open == null) {
        return;
      }
      try {
        open.close();
      } catch (SQLException failure) {
        LOG.debug("cannot close a writing connection", failure);
      }
    }
  }
}
