package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.upstream.Upstream;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks providers to cancel what they work on, and stores what they said: a confirmed task ends and
/// costs nothing, any other goes on as if nobody had asked.
///
/// Only the owner of a task asks, and what was said counts only for what was asked about: a
/// provider that knew nothing of a task a moment ago may have been sent it meanwhile.
final class Canceller {
  private static final Logger log = LoggerFactory.getLogger(Canceller.class);

  /// How often one wish is asked about when the task changes meanwhile.
  private static final int MOST_TIMES = 3;

  private final Store store;
  private final Upstream upstream;
  private final InstantSource clock;
  private final Set<TaskId> asking = ConcurrentHashMap.newKeySet();

  /// Under which reference the provider of an open task said that its outcome will tell.
  private final Map<TaskId, Optional<String>> pending = new ConcurrentHashMap<>();

  Canceller(Store store, Upstream upstream, InstantSource clock) {
    this.store = store;
    this.upstream = upstream;
    this.clock = clock;
  }

  /// Where the claim of a task is at this moment, and how it is looked at sooner.
  interface Wanted {
    Optional<Claim> claim();

    void hasten();
  }

  /// Whether its owner wishes to cancel a task and its provider has not said.
  static boolean isWanted(Task task) {
    return !task.state().isFinal()
        && task.cancellation().filter(answer -> answer == CancelAnswer.PENDING).isPresent();
  }

  /// Whether its provider was asked about it as it stands and left the answer to the outcome.
  boolean isPending(Claim claim) {
    return claim.upstreamRef().equals(pending.get(claim.task().id()));
  }

  /// Asks on a thread of its own, once at a time for each task.
  void askSoon(TaskId id, Wanted wanted) {
    Thread.ofVirtual().name("cancel-" + id).start(() -> ask(id, wanted::claim, wanted::hasten));
  }

  /// Asks and stores the answer. When the store cannot take it, the caller sees `pending` and may
  /// ask again, as a later turn of the task does.
  void ask(Claim claim) {
    ask(claim.task().id(), () -> Optional.of(claim), () -> {});
  }

  private void ask(TaskId id, Supplier<Optional<Claim>> wanted, Runnable hasten) {
    if (!asking.add(id)) {
      return;
    }
    try {
      Optional<Claim> claim = wanted.get();
      for (int times = 0; times < MOST_TIMES && claim.isPresent(); times++) {
        Claim asked = claim.get();
        if (store.tasks().current(asked).filter(Canceller::isWanted).isEmpty()) {
          return; // it ended, it was said already, or another node has it
        }
        boolean said = say(asked, answerUnlessMade(asked), hasten);
        // What changed meanwhile is asked about again.
        claim = wanted.get().filter(now -> !said || isOther(now, asked));
      }
    } catch (StoreUnavailableException later) {
      log.warn("task.cancel.waiting task={} reason=\"{}\"", id, later.getMessage());
    } finally {
      asking.remove(id);
    }
  }

  private static boolean isOther(Claim now, Claim asked) {
    return !now.upstreamRef().equals(asked.upstreamRef());
  }

  /// @return false when the answer counts no longer
  private boolean say(Claim claim, CancelAnswer answer, Runnable hasten) {
    TaskId id = claim.task().id();
    log.info("task.cancel.asked task={} answer={}", id, answer.word());
    return switch (answer) {
      case CONFIRMED -> store.tasks().cancel(claim, clock.instant()).isPresent();
      case REFUSED, UNSUPPORTED -> {
        var _ = store.tasks().noteCancellation(claim, answer);
        yield true;
      }
      case PENDING -> {
        pending.put(id, claim.upstreamRef());
        if (store.tasks().current(claim).filter(Canceller::isWanted).isEmpty()) {
          forget(id); // it ended before that was put
        }
        hasten.run(); // the outcome of its work will tell
        yield true;
      }
    };
  }

  /// Tells the provider of an expired task that nobody waits any more; what it says changes
  /// nothing. Only for who ended the task, or its late wait, under this claim.
  void abandon(Claim claim) {
    if (claim.upstreamRef().isPresent()) {
      Thread.ofVirtual()
          .name("abandon-" + claim.task().id())
          .start(() ->
              log.info(
                  "task.abandoned task={} answer={}", claim.task().id(), answer(claim).word()));
    }
  }

  /// What is made already is not undone, and its provider has been paid: only its files are copied.
  private CancelAnswer answerUnlessMade(Claim claim) {
    CancelAnswer answer = isMade(claim) ? CancelAnswer.REFUSED : answer(claim);
    // It may have been made while its provider was asked.
    return answer == CancelAnswer.CONFIRMED && isMade(claim) ? CancelAnswer.REFUSED : answer;
  }

  private boolean isMade(Claim claim) {
    return store
        .tasks()
        .current(claim)
        .filter(task -> task.state() instanceof TaskState.Finalizing)
        .isPresent();
  }

  private CancelAnswer answer(Claim claim) {
    try {
      return upstream.cancel(claim);
    } catch (RuntimeException | LinkageError | StackOverflowError bug) {
      log.error("task.cancel.broken task={}", claim.task().id(), bug);
      return CancelAnswer.REFUSED;
    }
  }

  /// The task has ended, or is another's.
  void forget(TaskId id) {
    pending.remove(id);
  }
}
