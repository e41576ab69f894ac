package dev.carillon.gateway.engine;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.upstream.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes one claimed task to its end: the engine's heart.
public final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration STORE_PAUSE = Duration.ofMillis(500);

  /// Failures of one settle after which a healthy store is taken at its word.
  private static final int UNSTORABLE = 10;

  private static final Reason TOO_LATE =
      new Reason(ErrorCode.TIMEOUT, "The task did not finish by its finish-by time.");
  private static final Reason NOT_STARTED =
      new Reason(ErrorCode.TIMEOUT, "Work on the task did not begin by its start-by time.");

  private final Store store;
  private final Upstream upstream;
  private final InstantSource clock;
  private final EngineListener listener;
  private final Canceller canceller;
  private final Map<TaskId, Claim> parked = new ConcurrentHashMap<>();
  private volatile boolean open = true;

  public Worker(Store store, Upstream upstream, InstantSource clock, EngineListener listener) {
    this.store = store;
    this.upstream = upstream;
    this.clock = clock;
    this.listener = listener;
    this.canceller = new Canceller(store, upstream, clock);
  }

  void work(Run run) {
    Claim claim = run.claim();
    if (isOver(claim)) {
      return; // cancelled or expired while it waited for its turn: no provider hears of it
    }
    if (isLateToStart(claim)) {
      expireWaiting(claim);
      return;
    }
    if (claim.task().state() instanceof TaskState.Indeterminate) {
      parked.put(claim.task().id(), claim);
      return;
    }
    Instant begun = clock.instant();
    log.info(
        "task.claimed task={} application={} endpoint={} trace={} attempt={} fence={}",
        claim.task().id(),
        claim.task().order().owner().application(),
        claim.task().order().endpoint(),
        claim.task().order().traceId(),
        claim.attempt(),
        claim.fence());
    Instant startedAt = Lifecycle.startedAt(claim.task().state()).orElse(begun);
    outcome(run, startedAt).ifPresent(outcome -> settle(claim, startedAt, outcome));
  }

  /// Whether a claimed task has ended meanwhile. One that a dead process left with the wish to
  /// cancel it unanswered is asked for first.
  private boolean isOver(Claim claim) {
    Optional<Task> task = store.tasks().find(claim.task().id());
    if (task.filter(Canceller::isWanted).isPresent()) {
      canceller.ask(claim);
      task = store.tasks().find(claim.task().id());
    }
    return task.filter(found -> found.state().isFinal()).isPresent();
  }

  /// Asks the provider of a task that runs, or whose fate is unknown, to cancel it. A task that
  /// waits for its turn is asked for when that comes.
  void askToCancel(Optional<Run> run, TaskId id) {
    run.map(Run::claim).or(() -> Optional.ofNullable(parked.get(id))).ifPresent(canceller::askSoon);
  }

  /// Forgets a parked task that was cancelled.
  void unpark(TaskId id) {
    parked.remove(id);
  }

  /// What the provider's work came to; empty when it was interrupted and nothing is to be written.
  private Optional<Outcome> outcome(Run run, Instant startedAt) {
    Claim claim = run.claim();
    try {
      store.tasks().noteRunning(claim, new TaskState.Running(startedAt, 0));
      Outcome outcome =
          upstream.run(
              claim,
              percent ->
                  store.tasks().noteRunning(claim, new TaskState.Running(startedAt, percent)));
      run.returned();
      // A provider that watches the clock itself says the same in other words.
      return Optional.of(outcome instanceof Outcome.Late ? new Outcome.Late(TOO_LATE) : outcome);
    } catch (InterruptedException interrupted) {
      return run.reason() == Run.Stop.LATE
          ? Optional.of(new Outcome.Late(TOO_LATE))
          : Optional.empty();
    } catch (RuntimeException | LinkageError | StackOverflowError bug) {
      log.error(
          "task.broken task={} endpoint={}",
          claim.task().id(),
          claim.task().order().endpoint(),
          bug);
      return Optional.of(new Outcome.Refused(Reason.of(ErrorCode.API_ERROR)));
    }
  }

  private void settle(Claim claim, Instant startedAt, Outcome outcome) {
    TaskState from = new TaskState.Running(startedAt, 0);
    TaskState next = Lifecycle.next(from, outcome, clock.instant());
    if (next instanceof TaskState.Indeterminate) {
      parked.put(claim.task().id(), claim);
    }
    settleOnceStored(claim, next)
        .ifPresentOrElse(
            task -> ended(claim, task),
            () -> log.info("task.stale task={} fence={}", claim.task().id(), claim.fence()));
  }

  /// Tries until the store takes it: the outcome exists only here, and losing it would run the task
  /// again. A stop gives up, as the next start resumes.
  private Optional<Task> settleOnceStored(Claim claim, TaskState next) {
    TaskState wanted = next;
    for (int failures = 1; true; failures++) {
      try {
        return store.tasks().settle(claim, wanted);
      } catch (StoreUnavailableException later) {
        if (failures >= UNSTORABLE && store.ready()) {
          wanted = unstorable(claim, next);
        }
        log.warn(
            "task.settle.waiting task={} reason=\"{}\"", claim.task().id(), later.getMessage());
        pause();
        if (!open) {
          throw later;
        }
      }
    }
  }

  /// A store that takes others' writes and never this one will not take it later: the task then
  /// ends without its result rather than never.
  private TaskState unstorable(Claim claim, TaskState next) {
    log.error("task.unstorable task={} state={}", claim.task().id(), next.word());
    Instant started = Lifecycle.startedAt(next).orElse(clock.instant());
    return new TaskState.Failed(started, clock.instant(), Reason.of(ErrorCode.API_ERROR));
  }

  /// An interrupt only ends the pause early: what is to be settled is settled while we are open.
  private static void pause() {
    try {
      Thread.sleep(STORE_PAUSE);
    } catch (InterruptedException _) {
      // the caller looks whether we close
    }
  }

  private void ended(Claim claim, Task task) {
    listener.settled(claim, task);
    logSettled(claim, task);
  }

  private void logSettled(Claim claim, Task task) {
    var order = task.order();
    log.info(
        "task.settled task={} application={} endpoint={} trace={} attempt={} fence={} state={} code={}"
            + " took_ms={}",
        task.id(),
        order.owner().application(),
        order.endpoint(),
        order.traceId(),
        claim.attempt(),
        claim.fence(),
        task.state().word(),
        code(task.state()),
        Duration.between(order.createdAt(), clock.instant()).toMillis());
  }

  private static String code(TaskState state) {
    return switch (state) {
      case TaskState.Failed(_, _, var reason) -> reason.code().wire();
      case TaskState.Expired(_, _, var reason) -> reason.code().wire();
      default -> "-";
    };
  }

  void expireIfLate(Run run) {
    if (isLate(run.claim())) {
      run.late();
    }
  }

  /// Ends a task that nobody had begun when its deadline passed.
  void expireWaiting(Claim claim) {
    Optional<Instant> started = Lifecycle.startedAt(claim.task().state());
    Reason reason = hasMissedStart(claim) ? NOT_STARTED : TOO_LATE;
    TaskState expired = new TaskState.Expired(started, clock.instant(), reason);
    settleOnceStored(claim, expired).ifPresent(task -> ended(claim, task));
  }

  /// Ends tasks of unknown fate whose deadline passed: their money is given back.
  void expireParked() {
    parked.values().stream().filter(this::isLate).toList().forEach(this::expire);
  }

  private void expire(Claim claim) {
    if (parked.remove(claim.task().id(), claim)) {
      Instant started = Lifecycle.startedAt(claim.task().state()).orElse(clock.instant());
      settle(claim, started, new Outcome.Late(TOO_LATE));
    }
  }

  /// Whether it is too late to begin, or to go on after a restart.
  boolean isLateToStart(Claim claim) {
    return isLate(claim) || hasMissedStart(claim);
  }

  private boolean hasMissedStart(Claim claim) {
    return claim.task().state() instanceof TaskState.Queued
        && claim
            .task()
            .order()
            .terms()
            .startBy()
            .filter(by -> !clock.instant().isBefore(by))
            .isPresent();
  }

  boolean isLate(Claim claim) {
    return !clock.instant().isBefore(claim.task().order().finishBy());
  }

  void close() {
    open = false;
  }
}
