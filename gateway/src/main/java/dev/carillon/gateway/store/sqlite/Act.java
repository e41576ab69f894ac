package dev.carillon.gateway.store.sqlite;

import java.sql.SQLException;
import java.util.function.Consumer;

/// A verb that is one statement or two and whose result says all that memory must learn.
final class Act<T> extends Verb<T> {
  private final Body<T> body;
  private final Consumer<T> afterCommit;

  Act(Body<T> body) {
    this(body, _ -> {});
  }

  Act(Body<T> body, Consumer<T> afterCommit) {
    this.body = body;
    this.afterCommit = afterCommit;
  }

  @Override
  T run(Transaction transaction) throws SQLException {
    return body.run(transaction);
  }

  @Override
  void committed(T result) {
    afterCommit.accept(result);
  }

  /// What is written; it may be run again after a rollback.
  @FunctionalInterface
  interface Body<T> {
    T run(Transaction transaction) throws SQLException;
  }
}
