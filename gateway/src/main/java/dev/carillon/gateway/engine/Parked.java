package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.TaskId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tasks whose fate nobody knows and nothing tells: they wait for their deadline. Safe for many
/// threads.
final class Parked {
  private final Map<TaskId, Claim> claims = new ConcurrentHashMap<>();
  private final Deadlines<TaskId, Instant> deadlines = new Deadlines<>();

  void put(Claim claim) {
    claims.put(claim.task().id(), claim);
    deadlines.put(claim.task().id(), claim.task().order().finishBy());
  }

  Optional<Claim> find(TaskId id) {
    return Optional.ofNullable(claims.get(id));
  }

  void remove(TaskId id) {
    claims.remove(id);
    deadlines.remove(id);
  }

  /// Takes out those whose deadline has passed.
  List<Claim> takeLate(Instant now) {
    return deadlines.due(now).stream()
        .flatMap(id -> Optional.ofNullable(claims.remove(id)).stream())
        .toList();
  }
}
