package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/// The open tasks a dead process left, by their places; read once at the start and taken in small
/// parts. Applications have turns: the oldest task of each comes first, then the second of each, so
/// that one with very many does not keep the others from being taken up. Its monitor guards all
/// fields.
final class Backlog {
  private static final int MOST_AT_ONCE = 256;

  private final ArrayDeque<Long> positions;

  /// @param left oldest first
  Backlog(List<Rescue.Left> left) {
    this.positions = inTurns(left);
  }

  private static ArrayDeque<Long> inTurns(List<Rescue.Left> left) {
    Map<ApplicationId, Queue<Long>> byOwner = new LinkedHashMap<>();
    for (Rescue.Left task : left) {
      byOwner.computeIfAbsent(task.application(), _ -> new ArrayDeque<>()).add(task.position());
    }
    var ordered = new ArrayDeque<Long>(left.size());
    Queue<Queue<Long>> turns = new ArrayDeque<>(byOwner.values());
    while (!turns.isEmpty()) {
      Queue<Long> turn = turns.remove();
      ordered.add(turn.remove());
      if (!turn.isEmpty()) {
        turns.add(turn);
      }
    }
    return ordered;
  }

  synchronized boolean isEmpty() {
    return positions.isEmpty();
  }

  synchronized List<Long> take(int max) {
    var taken = new ArrayList<Long>();
    while (taken.size() < Math.min(max, MOST_AT_ONCE) && !positions.isEmpty()) {
      taken.add(positions.remove());
    }
    return taken;
  }

  /// The newest, which stay.
  synchronized List<Long> newest(int max) {
    return positions.stream().sorted(Comparator.reverseOrder()).limit(max).toList();
  }

  synchronized void giveBack(List<Long> taken) {
    taken.reversed().forEach(positions::addFirst);
  }
}
