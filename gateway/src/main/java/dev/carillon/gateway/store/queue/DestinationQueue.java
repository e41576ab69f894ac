package dev.carillon.gateway.store.queue;

import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/// What waits for one destination: a few deliveries in memory, the rest in the file. Guarded by the
/// lock of [Dispatches].
final class DestinationQueue {
  static final long NEVER = Long.MAX_VALUE;

  final Destination destination;
  final ArrayDeque<Dispatch> ready = new ArrayDeque<>();

  /// Those in `ready` and those being tried: none of them is taken from the file again.
  final Set<DeliveryId> taken = new HashSet<>();

  /// Those that were given back while the file was being read, which may show them as they were.
  final Set<DeliveryId> settledWhileReading = new HashSet<>();

  /// Those being tried whose endpoint changed since they were read.
  final Set<DeliveryId> stale = new HashSet<>();

  /// When the first of those that are only in the file is due, at the earliest; epoch milliseconds.
  long fileDue = NEVER;

  /// When it is to be looked at, as [Alarms] has it.
  long alarm = NEVER;

  /// Nothing goes there now, by the word of whoever sends.
  boolean aside;

  /// Nothing goes there as its endpoint is switched off.
  boolean closed;

  boolean reading;

  /// What is being read of it may be another node's by now, or go elsewhere.
  boolean overtaken;

  boolean wanted;
  boolean listed;

  DestinationQueue(Destination destination) {
    this.destination = destination;
  }

  /// Whether a delivery is here, or was while the file was being read: when it is to be read again
  /// is said when it is given back. A new one is here as a rule before the file shows it as one of
  /// those to come; taken for one, it would have the file read again, and what comes meanwhile left
  /// there to be read as well, and so on.
  boolean knows(DeliveryId id) {
    return taken.contains(id) || settledWhileReading.contains(id);
  }

  /// Whether one that was handed out may be handed out again as it is.
  boolean isAsItWas(DeliveryId id) {
    return taken.contains(id) && !stale.contains(id);
  }

  boolean open() {
    return !aside && !closed;
  }

  boolean idle() {
    return ready.isEmpty() && taken.isEmpty() && fileDue == NEVER && !closed && !reading && !wanted;
  }
}
