package dev.carillon.gateway.engine;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Finalizer;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.upstream.Upstream;
import java.io.UncheckedIOException;
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
  private static final Reason TOO_LATE = Reason.TOO_LATE;
  private static final Duration LOOK_UP_SOONEST = Duration.ofSeconds(5);
  private static final Duration LOOK_UP_LATEST = Duration.ofMinutes(2);

  private static final Reason STOPPED =
      new Reason(ErrorCode.API_ERROR, "The provider stopped the job.");
  private static final Reason NOT_STARTED =
      new Reason(ErrorCode.TIMEOUT, "Work on the task did not begin by its start-by time.");

  private final Store store;
  private final Upstream upstream;
  private final InstantSource clock;
  private final Canceller canceller;
  private final Finishing finishing;
  private final Lateness lateness;
  private final Settler settler;
  private final LateResults late;
  private final Map<TaskId, Claim> parked = new ConcurrentHashMap<>();

  /// What happens between a provider's answer and the end of its task.
  ///
  /// @param finalizer copies files
  /// @param lateWindow how long after the finish-by time a late result counts
  public record Endings(Finalizer finalizer, Duration lateWindow) {
    /// Answers are left as they are, and none is waited for that comes late.
    public static final Endings PLAIN = new Endings(Finalizer.NONE, Duration.ZERO);
  }

  /// A worker of plain endings.
  public Worker(Store store, Upstream upstream, InstantSource clock, EngineListener listener) {
    this(store, upstream, clock, listener, Endings.PLAIN);
  }

  public Worker(
      Store store,
      Upstream upstream,
      InstantSource clock,
      EngineListener listener,
      Endings endings) {
    this.store = store;
    this.lateness = new Lateness(clock, endings.lateWindow());
    this.upstream = upstream;
    this.clock = clock;
    this.canceller = new Canceller(store, upstream, clock);
    this.settler = new Settler(store, clock, listener);
    this.finishing = new Finishing(endings.finalizer(), clock, settler::settleOnceStored);
    this.late =
        new LateResults(
            new LateResults.Parts(store, upstream, clock, settler, canceller, finishing, lateness));
  }

  /// What is late by now.
  Lateness lateness() {
    return lateness;
  }

  /// Results that come after their time.
  LateResults late() {
    return late;
  }

  /// Works on a claim until there is an outcome.
  ///
  /// @return when it is to be worked on again; empty when it ended, or is parked
  Optional<Instant> work(Run run) {
    Claim claim = run.claim();
    if (run.isLate()) {
      return claim.task().state() instanceof TaskState.Queued
          ? notBegun(claim)
          : late.work(run, this::outcome);
    }
    boolean isAway = run.resumed() && claim.upstreamRef().isPresent();
    if (isAway ? hasEnded(claim) : isOver(claim)) {
      return overtaken(run); // no provider hears of it
    }
    if (lateness.isLateToStart(claim)) {
      return expireBegun(run);
    }
    boolean unknown = claim.task().state() instanceof TaskState.Indeterminate;
    if (unknown && claim.upstreamRef().isEmpty()) {
      parked.put(claim.task().id(), claim);
      return Optional.empty();
    }
    Instant begun = clock.instant();
    if (!run.resumed()) {
      logClaimed(claim);
    }
    Instant startedAt = Lifecycle.startedAt(claim.task().state()).orElse(begun);
    Optional<Outcome> outcome =
        claim.task().state() instanceof TaskState.Finalizing(_, var answer)
            ? finishing.resume(run, answer)
            : outcome(run, startedAt);
    return outcome.flatMap(came -> afterwards(run, startedAt, came));
  }

  /// A task whose time passed: its provider may have gone on.
  private Optional<Instant> expireBegun(Run run) {
    Claim claim = run.claim();
    if (late.mayCome(claim) && late.expireAwaited(claim)) {
      return goesLate(run);
    }
    expireWaiting(claim);
    canceller.abandon(claim);
    return Optional.empty();
  }

  /// The task ended while it waited. One that expired may get its result late.
  private Optional<Instant> overtaken(Run run) {
    if (!late.isExpired(run.claim())) {
      return Optional.empty();
    }
    return late.mayCome(run.claim()) ? goesLate(run) : notBegun(run.claim());
  }

  /// It expired, and nothing is under way that could come late.
  private Optional<Instant> notBegun(Claim claim) {
    late.endWait(claim);
    return Optional.empty();
  }

  private Optional<Instant> goesLate(Run run) {
    var _ = run.expire();
    run.goesLate();
    return late.work(run, this::outcome);
  }

  private static void logClaimed(Claim claim) {
    log.info(
        "task.claimed task={} application={} endpoint={} trace={} attempt={} fence={}",
        claim.task().id(),
        claim.task().order().owner().application(),
        claim.task().order().endpoint(),
        claim.task().order().traceId(),
        claim.attempt(),
        claim.fence());
  }

  private Optional<Instant> afterwards(Run run, Instant startedAt, Outcome outcome) {
    Claim claim = run.claim();
    if (run.isLate()) {
      return late.after(run, outcome);
    }
    return switch (outcome) {
      case Outcome.Wait(_, var until, int progress) -> {
        run.now(shown(claim, new TaskState.Running(startedAt, progress)));
        yield Optional.of(until);
      }
      case Outcome.Unknown(var detail) when claim.upstreamRef().isPresent() ->
          unknown(run, startedAt, detail);
      case Outcome.Refused(var reason) when reason.code() == ErrorCode.CANCELLED -> {
        stopped(claim, startedAt);
        yield Optional.empty();
      }
      default -> {
        Optional<Outcome> finished = finishing.finish(run, startedAt, outcome);
        finished.ifPresent(made -> settle(claim, startedAt, made));
        // Where it expired in this very moment, its result is one that comes late.
        yield finished.isEmpty() && late.isExpired(claim)
            ? late.after(run, outcome)
            : Optional.empty();
      }
    };
  }

  private Claim shown(Claim claim, TaskState.Running running) {
    if (!claim.task().state().equals(running)) {
      store.tasks().noteRunning(claim, running);
    }
    return claim.in(running);
  }

  /// Its fate is unknown, but there is something to look it up by: it is looked up until it is
  /// known, at most until its deadline.
  private Optional<Instant> unknown(Run run, Instant startedAt, String detail) {
    Claim claim = run.claim();
    Instant now = clock.instant();
    TaskState.Indeterminate state =
        claim.task().state() instanceof TaskState.Indeterminate before
            ? before
            : new TaskState.Indeterminate(startedAt, now);
    if (!claim.task().state().equals(state)) {
      log.warn("task.unknown task={} reason=\"{}\"", claim.task().id(), detail);
      if (settler.settleOnceStored(claim, state).isEmpty()) {
        return Optional.empty();
      }
    }
    run.now(claim.in(state));
    Duration since = Duration.between(state.since(), now);
    Duration pause = since.compareTo(LOOK_UP_SOONEST) < 0 ? LOOK_UP_SOONEST : since;
    return Optional.of(now.plus(pause.compareTo(LOOK_UP_LATEST) > 0 ? LOOK_UP_LATEST : pause));
  }

  /// The provider says that the job was cancelled: by its owner's wish, or by somebody else.
  private void stopped(Claim claim, Instant startedAt) {
    TaskId id = claim.task().id();
    if (store.tasks().find(id).filter(Canceller::isWanted).isPresent()) {
      store.tasks().cancel(id, claim.task().order().owner().application(), clock.instant());
    } else {
      settle(claim, startedAt, new Outcome.Refused(STOPPED));
    }
  }

  /// News about the job of a claim that waits: what they tell is noted before it is looked at.
  Claim told(Claim claim, Map<String, String> job) {
    Optional<String> ref = upstream.told(claim, job);
    return ref.isPresent() && store.tasks().noteUpstream(claim, ref.get())
        ? claim.at(ref.get())
        : claim;
  }

  /// Nothing has to be held for a task any more.
  void left(TaskId id) {
    upstream.ended(id);
  }

  private boolean hasEnded(Claim claim) {
    return store.tasks().find(claim.task().id()).filter(task -> !task.state().isFinal()).isEmpty();
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
  void askToCancel(Optional<Claim> claim, TaskId id) {
    claim.or(() -> Optional.ofNullable(parked.get(id))).ifPresent(canceller::askSoon);
  }

  /// Forgets a parked task that was cancelled.
  void unpark(TaskId id) {
    parked.remove(id);
  }

  /// What the provider's work came to; empty when it was interrupted and nothing is to be written.
  private Optional<Outcome> outcome(Run run, Instant startedAt) {
    Claim claim = run.claim();
    try {
      if (claim.task().state() instanceof TaskState.Queued) {
        run.now(shown(claim, new TaskState.Running(startedAt, 0)));
      }
      Outcome outcome = upstream.run(claim, progress(run, startedAt));
      run.inDoubt(false);
      run.returned();
      // A provider that watches the clock itself says the same in other words.
      return Optional.of(outcome instanceof Outcome.Late ? new Outcome.Late(TOO_LATE) : outcome);
    } catch (InterruptedException interrupted) {
      if (run.reason() == Run.Stop.LATE) {
        canceller.abandon(run.claim());
        return Optional.of(new Outcome.Late(TOO_LATE));
      }
      return Optional.empty();
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

  private Upstream.Progress progress(Run run, Instant startedAt) {
    return new Upstream.Progress() {
      @Override
      public void at(int percent) {
        store.tasks().noteRunning(run.claim(), new TaskState.Running(startedAt, percent));
      }

      @Override
      public boolean note(String ref) {
        boolean unknownBefore = run.claim().upstreamRef().isEmpty();
        // What is lost here may be a job that was paid for.
        boolean current =
            settler.untilStored(run.claim(), () -> store.tasks().noteUpstream(run.claim(), ref));
        run.now(run.claim().at(ref));
        run.inDoubt(current && unknownBefore && !ref.isEmpty());
        if (current && !unknownBefore && !ref.isEmpty()) {
          cancelIfWanted(run.claim());
        }
        return current;
      }
    };
  }

  /// A wish to cancel that came while the job was being submitted can be told now that its id is
  /// known.
  private void cancelIfWanted(Claim claim) {
    if (store.tasks().find(claim.task().id()).filter(Canceller::isWanted).isPresent()) {
      canceller.askSoon(claim);
    }
  }

  private void settle(Claim claim, Instant startedAt, Outcome outcome) {
    TaskState from = new TaskState.Running(startedAt, 0);
    TaskState next = Lifecycle.next(from, outcome, clock.instant());
    if (next instanceof TaskState.Indeterminate) {
      parked.put(claim.task().id(), claim);
    }
    settler
        .settleOnceStored(claim, next)
        .ifPresentOrElse(task -> settler.ended(claim, task), () -> late.overtaken(claim, next));
  }

  /// Ends a task that nobody had begun when its deadline passed.
  void expireWaiting(Claim claim) {
    if (claim.task().state() instanceof TaskState.Finalizing(var begun, var answer)) {
      settle(claim, begun, new Outcome.Done(answer)); // its provider made it in time
      return;
    }
    Optional<Instant> started = Lifecycle.startedAt(claim.task().state());
    Reason reason = lateness.hasMissedStart(claim) ? NOT_STARTED : TOO_LATE;
    TaskState expired = new TaskState.Expired(started, clock.instant(), reason);
    settler.settleOnceStored(claim, expired).ifPresent(task -> settler.ended(claim, task));
  }

  /// Ends tasks of unknown fate whose deadline passed: their money is given back.
  void expireParked() {
    parked.values().stream().filter(lateness::isLate).toList().forEach(this::expire);
  }

  private void expire(Claim claim) {
    if (parked.remove(claim.task().id(), claim)) {
      Instant started = Lifecycle.startedAt(claim.task().state()).orElse(clock.instant());
      settle(claim, started, new Outcome.Late(TOO_LATE));
    }
  }

  InstantSource clock() {
    return clock;
  }

  Instant now() {
    return clock.instant();
  }

  void close() {
    settler.close();
  }
}
