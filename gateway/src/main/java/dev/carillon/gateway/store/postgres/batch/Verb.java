package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One durable act, waiting to be run by a writer in a transaction it shares with others. The
/// caller parks until the commit; each verb is used once.
///
/// @param <T> what the act comes to; expected refusals are values of it
public abstract class Verb<T> {
  private static final int USUAL_BYTES = 512;

  private final Thread caller = Thread.currentThread();
  private @Nullable T result;
  private @Nullable Throwable failure;
  private volatile boolean done;

  /// About how many bytes it carries.
  protected int weight() {
    return USUAL_BYTES;
  }

  /// Tells what must be locked before it runs.
  protected void needs(Needs needs) {}

  /// Decides and writes. It may be run again after a rollback, so it changes nothing but through
  /// the batch and its own fields, which it sets anew.
  protected abstract T run(Batch batch) throws SQLException;

  /// Told on the writer's thread once the result is durable, before the caller goes on.
  protected void committed(T result) {}

  /// Told on the writer's thread when nothing was written, or nobody knows.
  ///
  /// @param unknown whether it may have taken effect, now or a little later
  protected void failed(boolean unknown) {}

  final void attempt(Batch batch) throws SQLException {
    result = run(batch);
  }

  final void succeed() {
    T durable = result;
    if (durable != null) {
      committed(durable);
    }
  }

  final void fail(Throwable cause, boolean unknown) {
    result = null;
    failure = cause;
    failed(unknown);
  }

  /// Lets the caller go on.
  final void finish() {
    done = true;
    LockSupport.unpark(caller);
  }

  /// Waits for the commit. An interrupt does not end the wait, as the act goes on anyway; it is
  /// kept for the caller.
  ///
  /// @throws StoreUnavailableException when the database could not be written to
  public final T await() {
    boolean interrupted = false;
    while (!done) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    T value = result;
    if (value != null) {
      return value;
    }
    if (failure instanceof SQLException cause) {
      throw new StoreUnavailableException("the database cannot be written to now", cause);
    }
    throw new StoreUnavailableException(
        "a write failed", failure == null ? new IllegalStateException("no result") : failure);
  }
}
