package dev.carillon.gateway.openai.passthrough;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.intake.Refusal;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Room;
import dev.carillon.gateway.upstream.passthrough.LiveCalls;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The money of one call: its highest price, held by a task, until the call charges a part of it or
/// gives it back. One of the two happens once. Of one thread, but for [#isOpen].
final class Hold {
  private static final Logger log = LoggerFactory.getLogger(Hold.class);

  private final Passthrough.Parts parts;
  private final Task task;
  private final LiveCalls.Live live;
  private final Instant begun;
  private volatile boolean open = true;

  private Hold(Passthrough.Parts parts, Task task, LiveCalls.Live live) {
    this.parts = parts;
    this.task = task;
    this.live = live;
    this.begun = parts.clock().instant();
  }

  /// What became of an order.
  sealed interface Taken {
    /// Its price is held.
    record Fresh(Hold hold) implements Taken {}

    /// Its key's call is known, and is not made again.
    record Repeated(Task first) implements Taken {}
  }

  /// Holds the price of an order.
  ///
  /// @param fingerprint of an order with an idempotency key
  /// @throws dev.carillon.gateway.http.Problem when the store does not take it
  static Taken take(
      Passthrough.Parts parts, Order order, Optional<Fingerprint> fingerprint, Room room) {
    LiveCalls.Live live = parts.live().begin(order.id());
    boolean taken = false;
    try {
      Accepted accepted = parts.store().tasks().accept(order, fingerprint, room);
      if (accepted instanceof Accepted.Replayed(var first)) {
        return new Taken.Repeated(first);
      }
      if (!(accepted instanceof Accepted.Taken(var task))) {
        throw Refusal.of(accepted);
      }
      taken = true;
      parts.ledger().accepted(task);
      // Its work begins now, whenever the engine has a place: what was streamed is not cancelled.
      parts
          .store()
          .tasks()
          .noteRunning(Claim.first(task), new TaskState.Running(parts.clock().instant(), 0));
      return new Taken.Fresh(new Hold(parts, task, live));
    } finally {
      if (!taken) {
        live.end();
      }
    }
  }

  Task task() {
    return task;
  }

  /// Whether nothing was settled yet.
  boolean isOpen() {
    return open;
  }

  /// Charges a price, at most what is held, and gives the rest back.
  ///
  /// @param answer what is kept of the call
  void charge(Money price, Answer answer) {
    var costing = new Answer(answer.json(), Optional.of(price));
    settle(Claim.first(task), new TaskState.Succeeded(begun, parts.clock().instant(), costing));
  }

  /// Gives all of it back.
  void release(Reason reason) {
    settle(Claim.first(task), new TaskState.Failed(begun, parts.clock().instant(), reason));
  }

  private void settle(Claim claim, TaskState end) {
    if (!open) {
      return;
    }
    open = false;
    try {
      parts
          .store()
          .tasks()
          .settle(claim, end)
          .ifPresentOrElse(
              ended -> parts.ledger().settled(claim, ended),
              () -> log.info("task.stale task={}", task.id()));
      live.end();
    } catch (StoreUnavailableException later) {
      log.warn("passthrough.unsettled task={} reason=\"{}\"", task.id(), later.getMessage());
      live.leave(Reason.of(ErrorCode.API_ERROR));
    }
  }
}
