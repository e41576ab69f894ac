package dev.carillon.gateway.store.queue;

import dev.carillon.gateway.domain.account.ApplicationId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Whose turn it is: applications one after another, and within each its destinations one after
/// another, so neither a busy application nor a busy receiver holds up the rest. Guarded by the
/// lock of [Dispatches].
final class DestinationTurns {
  private final Map<ApplicationId, ArrayDeque<DestinationQueue>> queues = new HashMap<>();
  private final ArrayDeque<ApplicationId> applications = new ArrayDeque<>();

  /// Puts a queue at the end of its application's turns, unless it stands there.
  void add(DestinationQueue queue) {
    if (queue.listed) {
      return;
    }
    queue.listed = true;
    ApplicationId application = queue.destination.application();
    var own = queues.get(application);
    if (own == null) {
      own = new ArrayDeque<>();
      queues.put(application, own);
      applications.add(application);
    }
    own.add(queue);
  }

  /// Takes the next queue; it is added again by whoever leaves something in it.
  Optional<DestinationQueue> next() {
    ApplicationId application = applications.poll();
    if (application == null) {
      return Optional.empty();
    }
    var own = queues.get(application);
    if (own == null) {
      throw new IllegalStateException("an application has its turn and no queue");
    }
    DestinationQueue queue = own.remove();
    queue.listed = false;
    if (own.isEmpty()) {
      queues.remove(application);
    } else {
      applications.add(application);
    }
    return Optional.of(queue);
  }
}
