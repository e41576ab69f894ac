package dev.carillon.gateway.store.queue;

import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;

/// The queues of all destinations, whose turn it is, and which are to be filled from the file.
/// Guarded by the lock of [Dispatches].
final class Shelves {
  /// How many of one destination are kept in memory, and how many when memory is nearly full.
  private static final int MOST_OF_ONE = 128;

  private static final int FEW = 4;

  /// A queue with no more than this left is filled again.
  private static final int LOW = 32;

  final DestinationTurns turns = new DestinationTurns();
  final Alarms alarms = new Alarms();
  final ArrayDeque<DestinationQueue> wanted = new ArrayDeque<>();
  private final Map<Destination, DestinationQueue> queues = new HashMap<>();
  private final InstantSource clock;
  private final int mostReady;
  private final Condition changed;
  private final Condition toRead;
  private int ready;

  /// @param mostReady how many deliveries are kept here in all
  /// @param changed signalled when something may be handed out, or an alarm is set
  /// @param toRead signalled when a queue is to be filled
  Shelves(InstantSource clock, int mostReady, Condition changed, Condition toRead) {
    this.clock = clock;
    this.mostReady = mostReady;
    this.changed = changed;
    this.toRead = toRead;
  }

  /// The queue of a destination, a new one if need be; given back by [#forgetIfIdle].
  DestinationQueue queue(Destination destination) {
    return queues.computeIfAbsent(destination, DestinationQueue::new);
  }

  Collection<DestinationQueue> all() {
    return List.copyOf(queues.values());
  }

  /// How many of a queue may be kept here.
  int most(DestinationQueue queue) {
    return ready < mostReady && (!queue.aside || ready < mostReady / 2) ? MOST_OF_ONE : FEW;
  }

  /// Keeps a delivery here, unless it is already.
  void take(DestinationQueue queue, Dispatch dispatch) {
    if (queue.taken.add(dispatch.id())) {
      queue.ready.add(dispatch);
      ready++;
      if (queue.open()) {
        turns.add(queue);
      }
    }
  }

  /// Keeps one here again that was handed out, before all others.
  void takeBack(DestinationQueue queue, Dispatch dispatch) {
    queue.ready.addFirst(dispatch);
    ready++;
    offer(queue);
  }

  /// Hands out the first.
  Dispatch handOut(DestinationQueue queue) {
    Dispatch first = queue.ready.remove();
    ready--;
    offer(queue);
    return first;
  }

  /// Leaves what cannot be handed out now to the file, as far as room is little.
  void thin(DestinationQueue queue) {
    backToTheFile(queue, ready > mostReady / 2 ? FEW : MOST_OF_ONE);
  }

  /// Leaves those beyond a number to the file, where they stand anyway. No alarm is set: whoever
  /// calls this offers the queue, or closes it, or it is set aside and offered when it is not.
  void backToTheFile(DestinationQueue queue, int keep) {
    while (queue.ready.size() > keep) {
      Dispatch last = queue.ready.removeLast();
      ready--;
      queue.taken.remove(last.id());
      queue.fileDue = Math.min(queue.fileDue, clock.millis());
    }
  }

  /// Gives a queue its turn, and has it filled when it runs low.
  void offer(DestinationQueue queue) {
    if (!queue.open()) {
      return;
    }
    if (!queue.ready.isEmpty()) {
      turns.add(queue);
      changed.signal();
    }
    boolean low = queue.ready.size() <= Math.min(LOW, most(queue) - 1);
    if (low && queue.fileDue <= clock.millis() && !queue.reading && !queue.wanted) {
      queue.wanted = true;
      wanted.add(queue);
      toRead.signal();
    }
  }

  /// Something of a queue that is only in the file is due at some time, at the earliest.
  void due(DestinationQueue queue, long at) {
    if (at < queue.fileDue) {
      queue.fileDue = at;
      alarms.set(queue, at);
      changed.signalAll();
    }
  }

  void forgetIfIdle(DestinationQueue queue) {
    if (queue.idle()) {
      alarms.unset(queue);
      queues.remove(queue.destination, queue);
    }
  }
}
