package dev.carillon.gateway.store.postgres.batch;

import java.sql.SQLException;
import java.util.function.Consumer;

/// A verb whose result says all that memory must learn.
public final class Act<T> extends Verb<T> {
  private final Wants wants;
  private final Body<T> body;
  private final Consumer<T> afterCommit;

  /// An act that runs statements of its own.
  public Act(Body<T> body) {
    this(_ -> {}, body, _ -> {});
  }

  public Act(Wants wants, Body<T> body, Consumer<T> afterCommit) {
    this.wants = wants;
    this.body = body;
    this.afterCommit = afterCommit;
  }

  @Override
  protected void needs(Needs needs) {
    wants.tell(needs);
  }

  @Override
  protected T run(Batch batch) throws SQLException {
    return body.run(batch);
  }

  @Override
  protected void committed(T result) {
    afterCommit.accept(result);
  }

  /// What must be locked.
  @FunctionalInterface
  public interface Wants {
    void tell(Needs needs);
  }

  /// What is written; it may be run again after a rollback.
  @FunctionalInterface
  public interface Body<T> {
    T run(Batch batch) throws SQLException;
  }
}
