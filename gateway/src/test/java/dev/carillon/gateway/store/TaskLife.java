package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Order;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a [TaskHistory] knows of one of its tasks.
final class TaskLife {
  final Order order;
  Optional<Claim> newest = Optional.empty();
  boolean lapsed; // the process that had the newest claim is gone
  Optional<String> job = Optional.empty();
  List<Event> events = List.of();
  final Set<String> told = new HashSet<>(); // the ids of the events that were sent
  boolean removed;

  TaskLife(Order order) {
    this.order = order;
  }

  /// Whether nothing is left to be sent: who was told of an expiry hears of the late result too.
  boolean isTold() {
    List<Event> ends = ends();
    return order.callbackUrl().isEmpty() || ends.isEmpty() || told.contains(ends.getLast().id());
  }

  List<Event> ends() {
    return events.stream().filter(event -> event.type().endsTask()).toList();
  }
}
