package dev.carillon.gateway.domain;

import java.util.Optional;

/// An accepted order and where it stands.
///
/// @param order what was asked; never changes
/// @param state where it stands
/// @param settlement what became of the money; [Settlement#HELD] while open
/// @param cancellation what a provider said to the wish to cancel it; empty when none was told, or
///   none had to be asked
public record Task(
    Order order, TaskState state, Settlement settlement, Optional<CancelAnswer> cancellation) {

  /// A task that nobody wished to cancel.
  public Task(Order order, TaskState state, Settlement settlement) {
    this(order, state, settlement, Optional.empty());
  }

  public TaskId id() {
    return order.id();
  }

  /// This task in another state.
  public Task in(TaskState next) {
    return new Task(order, next, settlement, cancellation);
  }

  /// What became of a task's price.
  public enum Settlement {
    HELD,
    CHARGED,
    RELEASED
  }
}
