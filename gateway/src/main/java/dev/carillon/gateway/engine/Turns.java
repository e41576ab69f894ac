package dev.carillon.gateway.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;

/// A queue that serves its owners in turn: one item each, round and round, first come first served
/// within an owner. It is as large as the number of open tasks allows. Guards itself.
final class Turns<K, V> {
  private final Map<K, Queue<V>> byOwner = new LinkedHashMap<>();

  synchronized void add(K owner, V item) {
    byOwner.computeIfAbsent(owner, _ -> new ArrayDeque<>()).add(item);
    notify();
  }

  /// The next item; waits for one.
  synchronized V take() throws InterruptedException {
    while (byOwner.isEmpty()) {
      wait();
    }
    var turn = byOwner.entrySet().iterator().next();
    K owner = turn.getKey();
    Queue<V> items = turn.getValue();
    V item = items.remove();
    byOwner.remove(owner);
    if (!items.isEmpty()) {
      byOwner.put(owner, items);
    }
    return item;
  }

  /// Takes all items that match out of their turn.
  synchronized List<V> takeIf(Predicate<V> wanted) {
    List<V> taken = new ArrayList<>();
    byOwner
        .values()
        .removeIf(items -> {
          items.removeIf(item -> wanted.test(item) && taken.add(item));
          return items.isEmpty();
        });
    return taken;
  }

  synchronized int size() {
    return byOwner.values().stream().mapToInt(Queue::size).sum();
  }
}
