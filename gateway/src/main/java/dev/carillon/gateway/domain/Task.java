package dev.carillon.gateway.domain;

/// An accepted order and where it stands.
///
/// @param order what was asked; never changes
/// @param state where it stands
/// @param settlement what became of the money; [Settlement#HELD] while open
public record Task(Order order, TaskState state, Settlement settlement) {
  public TaskId id() {
    return order.id();
  }

  /// This task in another state.
  public Task in(TaskState next) {
    return new Task(order, next, settlement);
  }

  /// What became of a task's price.
  public enum Settlement {
    HELD,
    CHARGED,
    RELEASED
  }
}
