package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.Late;
import dev.carillon.gateway.upstream.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tasks that have expired for their callers while their providers still work: a result that comes
/// within a while after that is charged and delivered; docs/decisions/0012 says why.
final class LateResults {
  private static final Logger log = LoggerFactory.getLogger(LateResults.class);
  private static final Reason TOO_LATE = Reason.TOO_LATE;
  private static final Duration LOOK_UP = Duration.ofMinutes(2);

  private final Parts parts;
  private final Store store;
  private final InstantSource clock;
  private final Lateness lateness;

  /// What it works with.
  record Parts(
      Store store,
      Upstream upstream,
      InstantSource clock,
      Settler settler,
      Canceller canceller,
      Finishing finishing,
      Lateness lateness) {}

  /// Goes on with a task's work.
  interface Step {
    Optional<Outcome> outcome(Run run, Instant startedAt);
  }

  LateResults(Parts parts) {
    this.parts = parts;
    this.store = parts.store();
    this.clock = parts.clock();
    this.lateness = parts.lateness();
  }

  /// A result came late.
  void came(Claim claim, TaskState.Succeeded succeeded) {
    Late late =
        parts.settler().untilStored(claim, () -> store.tasks().settleLate(claim, succeeded));
    switch (late) {
      case Late.Settled(var task) -> parts.settler().ended(claim, task);
      case Late.UsedUp _ -> log.warn("task.late.unpaid task={}", claim.task().id());
      case Late.Stale _ ->
          log.info("task.stale task={} fence={}", claim.task().id(), claim.fence());
    }
  }

  /// Nobody waits any longer for a late result.
  void endWait(Claim claim) {
    parts
        .settler()
        .untilStored(
            claim,
            () -> {
              store.tasks().endWait(claim);
              return true;
            });
  }

  /// Ends a task for its caller while its provider still works.
  ///
  /// @return whether a late result is waited for now; false when it had ended
  boolean expireAwaited(Claim claim) {
    Optional<Instant> started = startedAt(claim);
    var expired = new TaskState.Expired(started, clock.instant(), TOO_LATE);
    Optional<Task> task = store.tasks().expire(claim, expired);
    task.ifPresent(known -> parts.settler().ended(claim, known));
    return task.isPresent();
  }

  private Optional<Instant> startedAt(Claim claim) {
    Task task = store.tasks().find(claim.task().id()).orElse(claim.task());
    return Lifecycle.startedAt(task.state()).or(() -> Optional.of(clock.instant()));
  }

  /// The claim of a task that has expired for its caller.
  Claim expired(Claim claim) {
    return claim.task().state() instanceof TaskState.Expired
        ? claim
        : claim.in(
            new TaskState.Expired(
                Lifecycle.startedAt(claim.task().state()), clock.instant(), TOO_LATE));
  }

  /// Goes on with the work of a task that has expired.
  Optional<Instant> work(Run run, Step step) {
    Claim claim = run.claim();
    if (lateness.isTooLate(claim)) {
      return giveUp(claim);
    }
    Instant startedAt = Lifecycle.startedAt(claim.task().state()).orElse(clock.instant());
    return step.outcome(run, startedAt).flatMap(outcome -> after(run, outcome));
  }

  /// What is to be done after an outcome that came late.
  Optional<Instant> after(Run run, Outcome outcome) {
    Claim claim = run.claim();
    return switch (outcome) {
      case Outcome.Wait(_, var until, _) -> waitLate(run, until);
      case Outcome.Unknown _ when claim.upstreamRef().isPresent() ->
          waitLate(run, clock.instant().plus(LOOK_UP));
      case Outcome.Done _ -> {
        parts
            .finishing()
            .finishLate(run, outcome)
            .ifPresent(made -> came(claim, succeeded(claim, made)));
        yield Optional.empty();
      }
      default -> giveUp(claim);
    };
  }

  private TaskState.Succeeded succeeded(Claim claim, Outcome outcome) {
    Instant startedAt = Lifecycle.startedAt(claim.task().state()).orElse(clock.instant());
    TaskState from = new TaskState.Running(startedAt, 0);
    return (TaskState.Succeeded) Lifecycle.next(from, outcome, clock.instant());
  }

  private Optional<Instant> waitLate(Run run, Instant until) {
    run.now(expired(run.claim()));
    Instant last = lateness.lastMoment(run.claim());
    return Optional.of(until.isBefore(last) ? until : last);
  }

  private Optional<Instant> giveUp(Claim claim) {
    endWait(claim);
    parts.canceller().abandon(claim);
    return Optional.empty();
  }

  /// Whether a late result of a task may still come: its provider began with it, and would go on
  /// rather than begin again.
  boolean mayCome(Claim claim) {
    TaskState state = claim.task().state();
    return (state instanceof TaskState.Running || state instanceof TaskState.Expired)
        && Lifecycle.startedAt(state).isPresent()
        && lateness.countsLate(claim)
        && parts.upstream().resumes(claim);
  }

  /// Whether a task has expired by now.
  boolean isExpired(Claim claim) {
    return store
        .tasks()
        .find(claim.task().id())
        .filter(task -> task.state() instanceof TaskState.Expired)
        .isPresent();
  }

  /// The task had ended before its outcome came, or the claim is stale. A result that comes after
  /// the task's expiry still counts, where it is waited for.
  void overtaken(Claim claim, TaskState next) {
    if (next instanceof TaskState.Succeeded succeeded) {
      came(claim, succeeded);
    } else {
      log.info("task.stale task={} fence={}", claim.task().id(), claim.fence());
      endWait(claim);
    }
  }
}
