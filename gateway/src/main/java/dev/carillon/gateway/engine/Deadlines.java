package dev.carillon.gateway.engine;

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
/// @param <T> moments: of the calendar, or of the steady clock
final class Deadlines<K, T extends Comparable<? super T>> {
  private record When<T>(T at, long number) {}

  private final Map<K, When<T>> moments = new HashMap<>();
  private final TreeMap<When<T>, K> order =
      new TreeMap<>(Comparator.<When<T>, T>comparing(When::at).thenComparingLong(When::number));
  private long number;

  /// Sets a moment, in place of one set before.
  synchronized void put(K key, T at) {
    When<T> when = new When<>(at, number++);
    When<T> before = moments.put(key, when);
    if (before != null) {
      order.remove(before);
    }
    order.put(when, key);
  }

  synchronized void remove(K key) {
    When<T> before = moments.remove(key);
    if (before != null) {
      order.remove(before);
    }
  }

  /// Takes out what is due by now, the earliest first.
  synchronized List<K> due(T now) {
    List<K> due = new ArrayList<>();
    while (!order.isEmpty() && now.compareTo(order.firstKey().at()) >= 0) {
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
