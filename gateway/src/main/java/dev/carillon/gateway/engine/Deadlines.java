package dev.carillon.gateway.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Moments at which something is to be looked after, in their order. Asking what is due costs
/// nothing for all that is not. As large as what is put in and not removed; guards itself.
///
/// @param <K> what is looked after; each has one moment at most
final class Deadlines<K> {
  private record When(Instant at, long number) {}

  private final Map<K, When> moments = new HashMap<>();
  private final TreeMap<When, K> order =
      new TreeMap<>(Comparator.comparing(When::at).thenComparingLong(When::number));
  private long number;

  /// Sets a moment, in place of one set before.
  synchronized void put(K key, Instant at) {
    When when = new When(at, number++);
    When before = moments.put(key, when);
    if (before != null) {
      order.remove(before);
    }
    order.put(when, key);
  }

  synchronized void remove(K key) {
    When before = moments.remove(key);
    if (before != null) {
      order.remove(before);
    }
  }

  /// Takes out what is due by now, the earliest first.
  synchronized List<K> due(Instant now) {
    List<K> due = new ArrayList<>();
    while (!order.isEmpty() && !now.isBefore(order.firstKey().at())) {
      K key = order.pollFirstEntry().getValue();
      moments.remove(key);
      due.add(key);
    }
    return due;
  }

  synchronized int size() {
    return moments.size();
  }
}
