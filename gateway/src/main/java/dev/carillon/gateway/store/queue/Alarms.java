package dev.carillon.gateway.store.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// When to look at which queue. Each queue has one alarm at most, so what is set again and again
/// for a receiver that fails for days takes no more room than what is set once. Guarded by the lock
/// of [Dispatches].
final class Alarms {
  private final TreeSet<DestinationQueue> set =
      new TreeSet<>(
          Comparator.<DestinationQueue>comparingLong(queue -> queue.alarm)
              .thenComparing(queue -> queue.destination.application().value())
              .thenComparing(queue -> queue.destination.key()));

  /// Sets a queue's alarm; an earlier one stays, and whoever hears it sets the later one again.
  void set(DestinationQueue queue, long at) {
    if (at < queue.alarm) {
      unset(queue);
      queue.alarm = at;
      set.add(queue);
    }
  }

  void unset(DestinationQueue queue) {
    if (queue.alarm != DestinationQueue.NEVER) {
      set.remove(queue);
      queue.alarm = DestinationQueue.NEVER;
    }
  }

  /// When the first one rings; [DestinationQueue#NEVER] for none.
  long next() {
    return set.isEmpty() ? DestinationQueue.NEVER : set.first().alarm;
  }

  /// The queues whose alarms ring now; each is set again if its file is due later.
  List<DestinationQueue> due(long now) {
    var due = new ArrayList<DestinationQueue>();
    while (next() <= now) {
      DestinationQueue queue = set.getFirst();
      unset(queue);
      due.add(queue);
    }
    for (DestinationQueue queue : due) {
      if (queue.fileDue > now) {
        set(queue, queue.fileDue);
      }
    }
    return due;
  }

  int size() {
    return set.size();
  }
}
