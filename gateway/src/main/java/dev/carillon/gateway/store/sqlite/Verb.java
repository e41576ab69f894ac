package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.store.StoreUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One durable act, waiting to be run by the writer in a transaction it may share with others.
///
/// The caller parks until the commit; each verb is used once.
///
/// @param <T> what the act comes to; expected refusals are values of it
abstract class Verb<T> {
  private final Thread caller = Thread.currentThread();
  private @Nullable T result;
  private @Nullable Throwable failure;
  private volatile boolean done;

  /// Writes. It may be run again after a rollback, so it changes nothing but through the
  /// transaction and its own fields, which it sets anew.
  abstract T run(Transaction transaction) throws SQLException;

  /// Told on the writer thread once the result is durable, before the caller goes on.
  void committed(T result) {}

  /// Told on the writer thread when nothing was written, or nobody knows.
  void failed() {}

  /// Called by the writer.
  final void attempt(Transaction transaction) throws SQLException {
    result = run(transaction);
  }

  /// Called by the writer after the commit.
  final void succeed() {
    T durable = result;
    if (durable != null) {
      committed(durable);
    }
  }

  /// Called by the writer instead of [#succeed].
  final void fail(Throwable cause) {
    result = null;
    failure = cause;
    failed();
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
  final T await() {
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
