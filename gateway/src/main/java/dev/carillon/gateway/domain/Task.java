package dev.carillon.gateway.domain;

import dev.carillon.api.EventType;
import java.util.Optional;

/// An accepted order and where it stands.
///
/// @param order what was asked; never changes
/// @param state where it stands
/// @param settlement what became of the money; [Settlement#HELD] while open
/// @param cancellation what a provider said to the wish to cancel it; empty when none was told, or
///   none had to be asked
/// @param reached how far it was when it ended, in whole percent; 0 while it is open
public record Task(
    Order order,
    TaskState state,
    Settlement settlement,
    Optional<CancelAnswer> cancellation,
    int reached) {

  public Task(
      Order order, TaskState state, Settlement settlement, Optional<CancelAnswer> cancellation) {
    this(order, state, settlement, cancellation, 0);
  }

  /// A task that nobody wished to cancel.
  public Task(Order order, TaskState state, Settlement settlement) {
    this(order, state, settlement, Optional.empty());
  }

  public TaskId id() {
    return order.id();
  }

  /// This task in another state.
  public Task in(TaskState next) {
    return new Task(order, next, settlement, cancellation, reached);
  }

  /// This task as an event tells of it. One that expired and got its result later had expired when
  /// it was told of that.
  public Task asOf(Event event) {
    return event.type() == EventType.TASK_EXPIRED
            && state instanceof TaskState.Succeeded(var startedAt, _, _)
        ? new Task(
            order,
            new TaskState.Expired(Optional.of(startedAt), event.at(), Reason.TOO_LATE),
            Settlement.RELEASED,
            cancellation,
            event.progress())
        : this;
  }

  /// What became of a task's price.
  public enum Settlement {
    HELD,
    CHARGED,
    RELEASED
  }
}
