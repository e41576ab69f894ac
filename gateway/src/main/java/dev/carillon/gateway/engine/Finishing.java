package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The step between a provider's answer and the end of its task: the answer is stored first, so
/// that no crash loses what was made and paid upstream, then its files are copied.
///
/// A task never fails here. Whatever keeps the files from being copied (its deadline, a bug), it
/// succeeds with the answer as the provider gave it.
final class Finishing {
  private static final Logger log = LoggerFactory.getLogger(Finishing.class);

  private final Finalizer finalizer;
  private final InstantSource clock;
  private final Keeping keeping;

  /// Stores a state until it is stored; empty when the claim is stale.
  interface Keeping {
    Optional<Task> keep(Claim claim, TaskState state);
  }

  Finishing(Finalizer finalizer, InstantSource clock, Keeping keeping) {
    this.finalizer = finalizer;
    this.clock = clock;
    this.keeping = keeping;
  }

  /// What the task comes to; empty when nothing is to be written, as another has its claim, or it
  /// was cancelled, or the gateway stops.
  Optional<Outcome> finish(Run run, Instant startedAt, Outcome outcome) {
    Claim claim = run.claim();
    if (!(outcome instanceof Outcome.Done(var answer)) || !isWanted(claim.task(), answer)) {
      return Optional.of(outcome);
    }
    TaskState running = new TaskState.Running(startedAt, 0);
    TaskState kept = Lifecycle.finalizing(running, answer, clock.instant());
    if (keeping.keep(claim, kept).isEmpty()) {
      return Optional.empty();
    }
    log.info("task.finalizing task={} fence={}", claim.task().id(), claim.fence());
    run.goesOn();
    return copied(run, answer);
  }

  /// What the task comes to whose caller was told that it expired: the files of a late answer are
  /// copied, too, but nothing is stored before, as the task has ended. Empty as above.
  Optional<Outcome> finishLate(Run run, Outcome outcome) {
    if (!(outcome instanceof Outcome.Done(var answer)) || !isWanted(run.claim().task(), answer)) {
      return Optional.of(outcome);
    }
    run.goesOn();
    return copied(run, answer);
  }

  /// A bug here must not run the task again, as its provider has been paid.
  private boolean isWanted(Task task, Answer answer) {
    try {
      return finalizer.isWanted(task, answer);
    } catch (RuntimeException | LinkageError | StackOverflowError bug) {
      log.error("task.finalizing.broken task={}", task.id(), bug);
      return false;
    }
  }

  /// Goes on with what a dead process began.
  Optional<Outcome> resume(Run run, Answer answer) {
    return copied(run, answer);
  }

  private Optional<Outcome> copied(Run run, Answer answer) {
    Answer finished = answer;
    try {
      finished = finalizer.finish(run.claim().task(), answer);
    } catch (InterruptedException interrupted) {
      if (!run.isStopped()) {
        throw new IllegalStateException("copying was interrupted by nobody", interrupted);
      }
      if (run.reason() != Run.Stop.LATE) {
        return Optional.empty();
      }
    } catch (RuntimeException | LinkageError | StackOverflowError bug) {
      log.error("task.finalizing.broken task={}", run.claim().task().id(), bug);
    }
    run.returned();
    return Optional.of(new Outcome.Done(finished));
  }
}
