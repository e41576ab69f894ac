package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.upstream.Upstream;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks providers to cancel what they work on, and stores what they said: a confirmed task ends and
/// costs nothing, any other goes on as if nobody had asked.
final class Canceller {
  private static final Logger log = LoggerFactory.getLogger(Canceller.class);

  private final Store store;
  private final Upstream upstream;
  private final InstantSource clock;
  private final Set<TaskId> asking = ConcurrentHashMap.newKeySet();

  Canceller(Store store, Upstream upstream, InstantSource clock) {
    this.store = store;
    this.upstream = upstream;
    this.clock = clock;
  }

  /// Whether its owner wishes to cancel a task and its provider has not said.
  static boolean isWanted(Task task) {
    return !task.state().isFinal()
        && task.cancellation().filter(answer -> answer == CancelAnswer.PENDING).isPresent();
  }

  /// Asks on a thread of its own, once at a time for each task.
  void askSoon(Claim claim) {
    Thread.ofVirtual().name("cancel-" + claim.task().id()).start(() -> ask(claim));
  }

  /// Asks and stores the answer. When the store cannot take it, the caller sees `pending` and may
  /// ask again, as a later start does.
  void ask(Claim claim) {
    TaskId id = claim.task().id();
    if (!asking.add(id)) {
      return;
    }
    try {
      CancelAnswer answer = answer(claim);
      log.info("task.cancel.asked task={} answer={}", id, answer.word());
      switch (answer) {
        case CONFIRMED ->
            store.tasks().cancel(id, claim.task().order().owner().application(), clock.instant());
        case REFUSED, UNSUPPORTED -> store.tasks().noteCancellation(claim, answer);
        case PENDING -> {
          // The outcome of its work will tell.
        }
      }
    } catch (StoreUnavailableException later) {
      log.warn("task.cancel.waiting task={} reason=\"{}\"", id, later.getMessage());
    } finally {
      asking.remove(id);
    }
  }

  /// Tells the provider of an expired task that nobody waits any more; what it says changes
  /// nothing.
  void abandon(Claim claim) {
    if (claim.upstreamRef().isPresent()) {
      Thread.ofVirtual()
          .name("abandon-" + claim.task().id())
          .start(() ->
              log.info(
                  "task.abandoned task={} answer={}", claim.task().id(), answer(claim).word()));
    }
  }

  private CancelAnswer answer(Claim claim) {
    try {
      return upstream.cancel(claim);
    } catch (RuntimeException bug) {
      log.error("task.cancel.broken task={}", claim.task().id(), bug);
      return CancelAnswer.REFUSED;
    }
  }
}
