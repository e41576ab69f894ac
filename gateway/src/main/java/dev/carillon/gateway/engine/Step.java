package dev.carillon.gateway.engine;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.upstream.Upstream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One step of a provider's work on a task: until it has an outcome, or wants to be asked again.
final class Step {
  private static final Logger log = LoggerFactory.getLogger(Step.class);
  private static final Reason TOO_LATE = Reason.TOO_LATE;

  private final Store store;
  private final Upstream upstream;
  private final Settler settler;
  private final Lateness lateness;
  private final Consumer<Claim> wishes;

  /// @param wishes hears of a claim whose provider can be told of a wish to cancel from now on
  Step(Store store, Upstream upstream, Settler settler, Lateness lateness, Consumer<Claim> wishes) {
    this.store = store;
    this.upstream = upstream;
    this.settler = settler;
    this.lateness = lateness;
    this.wishes = wishes;
  }

  /// A look that costs nothing, where the provider can tell at once that there is no news.
  Optional<Duration> glance(Run run) {
    Claim claim = run.claim();
    return run.resumed() && claim.task().state() instanceof TaskState.Running before
        ? Optional.of(claim)
            .filter(one -> !lateness.isLate(one))
            .flatMap(upstream::glance)
            .map(wait -> {
              run.now(shown(claim, new TaskState.Running(before.startedAt(), wait.progress())));
              return wait.pause();
            })
        : Optional.empty();
  }

  /// Shows how far a task is.
  Claim shown(Claim claim, TaskState.Running running) {
    if (!claim.task().state().equals(running)) {
      store.tasks().noteRunning(claim, running);
    }
    return claim.in(running);
  }

  /// What the provider's work came to; empty when it was interrupted and nothing is to be written.
  Optional<Outcome> outcome(Run run, Instant startedAt) {
    Claim claim = run.claim();
    try {
      if (!upstream.tellsBeginning()) {
        begins(run, startedAt);
      }
      Outcome outcome = upstream.run(run.claim(), new Told(run, startedAt));
      run.inDoubt(false);
      run.returned();
      leaveProvider(run, outcome);
      // A provider that watches the clock itself says the same in other words.
      return Optional.of(outcome instanceof Outcome.Late ? new Outcome.Late(TOO_LATE) : outcome);
    } catch (InterruptedException interrupted) {
      return interrupted(run, interrupted);
    } catch (StoreUnavailableException | UncheckedIOException later) {
      if (run.claim().upstreamRef().isEmpty()) {
        throw later; // nothing was begun: it gets another turn
      }
      run.returned();
      return Optional.of(new Outcome.Unknown(String.valueOf(later.getMessage())));
    } catch (RuntimeException | LinkageError | StackOverflowError bug) {
      log.error(
          "task.broken task={} endpoint={}",
          claim.task().id(),
          claim.task().order().endpoint(),
          bug);
      return Optional.of(new Outcome.Refused(Reason.of(ErrorCode.API_ERROR)));
    }
  }

  /// What is left to do, such as the copying of files and a commit, needs no place there. A bug
  /// here must not cost what was made.
  private void leaveProvider(Run run, Outcome outcome) {
    if (outcome instanceof Outcome.Done || outcome instanceof Outcome.Refused) {
      TaskId task = run.claim().task().id();
      try {
        run.leaveProvider(() -> upstream.ended(task));
      } catch (RuntimeException bug) {
        log.error("task.leaving.broken task={}", task, bug);
      }
    }
  }

  private Optional<Outcome> interrupted(Run run, InterruptedException interrupted) {
    if (run.reason() == Run.Stop.LATE) {
      return Optional.of(new Outcome.Late(TOO_LATE));
    }
    if (!run.isStopped() && isOpen(run.claim())) {
      throw new IllegalStateException("a provider was interrupted by nobody", interrupted);
    }
    return Optional.empty();
  }

  private boolean isOpen(Claim claim) {
    return store.tasks().current(claim).filter(now -> !now.state().isFinal()).isPresent();
  }

  /// Shows that a provider began.
  private void begins(Run run, Instant startedAt) {
    if (run.claim().task().state() instanceof TaskState.Queued) {
      run.now(shown(run.claim(), new TaskState.Running(startedAt, 0)));
    }
  }

  /// What a provider tells of one turn of a task.
  private final class Told implements Upstream.Progress {
    private final Run run;
    private final Instant startedAt;
    private volatile BooleanSupplier hold = store.tasks().hold();

    Told(Run run, Instant startedAt) {
      this.run = run;
      this.startedAt = startedAt;
    }

    @Override
    public void at(int percent) {
      begins(run, startedAt);
      if (percent == 0) {
        return; // that it runs was shown
      }
      store.tasks().noteRunning(run.claim(), new TaskState.Running(startedAt, percent));
    }

    @Override
    public boolean note(String ref) {
      boolean unknownBefore = run.claim().upstreamRef().isEmpty();
      if (unknownBefore && !ref.isEmpty() && run.isExpiring()) {
        return false; // its caller got the price back, so nobody may begin with it any more
      }
      hold = store.tasks().hold(); // before the note, which proves that the claim is good then
      // What is lost here may be a job that was paid for.
      boolean current =
          settler.untilStored(run.claim(), () -> store.tasks().noteUpstream(run.claim(), ref));
      if (current) {
        run.now(run.claim().at(ref));
      }
      if (current && !ref.isEmpty()) {
        begins(run, startedAt);
      }
      run.inDoubt(current && unknownBefore && !ref.isEmpty());
      if (current && !unknownBefore && !ref.isEmpty()) {
        wishes.accept(run.claim());
      }
      return current;
    }

    @Override
    public boolean isSurelyOurs() {
      return hold.getAsBoolean();
    }
  }
}
