package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.task.Doubts.Left;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/// A part of what dead nodes left open, to be taken over in smaller parts. Applications have turns:
/// the oldest task of each comes first, then the second of each. Other nodes may be faster. Its
/// monitor guards all fields.
final class Backlog {
  private static final int MOST_AT_ONCE = 256;

  private final ArrayDeque<Left> left = new ArrayDeque<>();

  synchronized boolean isEmpty() {
    return left.isEmpty();
  }

  /// @param found oldest first
  synchronized void fill(List<Left> found) {
    left.clear();
    Map<ApplicationId, Queue<Left>> byOwner = new LinkedHashMap<>();
    for (Left task : found) {
      byOwner.computeIfAbsent(task.application(), _ -> new ArrayDeque<>()).add(task);
    }
    Queue<Queue<Left>> turns = new ArrayDeque<>(byOwner.values());
    while (!turns.isEmpty()) {
      Queue<Left> turn = turns.remove();
      left.add(turn.remove());
      if (!turn.isEmpty()) {
        turns.add(turn);
      }
    }
  }

  synchronized List<Left> take(int max) {
    var taken = new ArrayList<Left>();
    while (taken.size() < Math.min(max, MOST_AT_ONCE) && !left.isEmpty()) {
      taken.add(left.remove());
    }
    return taken;
  }

  synchronized void giveBack(List<Left> taken) {
    taken.reversed().forEach(left::addFirst);
  }
}
