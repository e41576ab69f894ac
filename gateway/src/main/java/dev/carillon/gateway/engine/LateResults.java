package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
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
  private final LateSeats seats = new LateSeats();

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
  interface Going {
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
  ///
  /// @return false when nobody waited under this claim
  boolean endWait(Claim claim) {
    return parts.settler().untilStored(claim, () -> store.tasks().endWait(claim));
  }

  LateSeats seats() {
    return seats;
  }

  /// Ends a task for its caller and waits for its result, where that may come and there is room.
  ///
  /// @return whether it is waited for now
  boolean begin(Claim claim) {
    return mayCome(claim) && expireAwaited(claim);
  }

  /// The same of a task that is being worked on at this moment.
  boolean beginRunning(Claim claim) {
    return Lateness.isBegun(claim) && lateness.countsLate(claim) && expireAwaited(claim);
  }

  /// Goes on to wait for the result of a task that expired, where that may come and there is room.
  boolean takeUp(Claim claim) {
    return mayCome(claim) && seats.take(claim.task().id());
  }

  private boolean expireAwaited(Claim claim) {
    TaskId id = claim.task().id();
    boolean awaited = false;
    if (seats.take(id)) {
      try {
        var expired = new TaskState.Expired(startedAt(claim), clock.instant(), TOO_LATE);
        Optional<Task> task = store.tasks().expire(claim, expired);
        task.ifPresent(known -> parts.settler().ended(claim, known));
        awaited = task.isPresent();
      } finally {
        if (!awaited) {
          seats.leave(id);
        }
      }
    }
    return awaited;
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
  Optional<Duration> work(Run run, Going step) {
    Claim claim = run.claim();
    if (!isExpired(claim)) {
      return Optional.empty(); // its result came, it was deleted, or another node waits for it
    }
    if (lateness.isTooLate(claim) || !resumes(claim)) {
      return giveUp(claim);
    }
    Instant startedAt = Lifecycle.startedAt(claim.task().state()).orElse(clock.instant());
    return step.outcome(run, startedAt).flatMap(outcome -> after(run, outcome));
  }

  /// What is to be done after an outcome that came late.
  Optional<Duration> after(Run run, Outcome outcome) {
    Claim claim = run.claim();
    return switch (outcome) {
      case Outcome.Wait(var ref, _, _) when ref.isEmpty() -> giveUp(claim); // nobody has it
      case Outcome.Wait(_, var pause, _) -> waitLate(run, pause);
      case Outcome.Unknown(_, var certain) when claim.upstreamRef().isPresent() ->
          waitLate(run, certain.filter(pause -> pause.compareTo(LOOK_UP) < 0).orElse(LOOK_UP));
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

  private Optional<Duration> waitLate(Run run, Duration pause) {
    run.now(expired(run.claim()));
    Duration most = Duration.between(clock.instant(), lateness.lastMoment(run.claim()));
    return Optional.of(pause.compareTo(most) < 0 ? pause : most);
  }

  /// A stale claim stops nothing: whoever has the task now may wait for it.
  Optional<Duration> giveUp(Claim claim) {
    if (endWait(claim)) {
      parts.canceller().abandon(claim);
    }
    return Optional.empty();
  }

  /// Whether a late result of a task may still come: its provider began with it, and would go on
  /// rather than begin again.
  private boolean mayCome(Claim claim) {
    return isUnderWay(claim) && lateness.countsLate(claim) && resumes(claim);
  }

  /// Whether a provider has a task; a bug there keeps nobody from ending it.
  boolean resumes(Claim claim) {
    try {
      return parts.upstream().resumes(claim);
    } catch (RuntimeException | LinkageError | StackOverflowError bug) {
      log.error("task.resume.broken task={}", claim.task().id(), bug);
      return false;
    }
  }

  private static boolean isUnderWay(Claim claim) {
    return switch (claim.task().state()) {
      case TaskState.Running _ -> true;
      case TaskState.Expired(var startedAt, _, _) ->
          startedAt.isPresent() || claim.upstreamRef().isPresent();
      case TaskState.Queued _ -> claim.upstreamRef().isPresent();
      default -> false;
    };
  }

  /// Whether a task has expired by now, and this claim of it is good.
  boolean isExpired(Claim claim) {
    return store
        .tasks()
        .current(claim)
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
      var _ = giveUp(claim);
    }
  }
}
