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
import dev.carillon.gateway.upstream.Upstream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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
  private final Step step;
  private final Parked parked = new Parked();

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
    this.step = new Step(store, upstream, settler, lateness, this::cancelIfWanted);
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
  /// @return after which pause it is to be worked on again; empty when it ended, or is parked
  Optional<Duration> work(Run run) {
    Claim claim = run.claim();
    if (run.isLate()) {
      return late.work(run, step::outcome);
    }
    Optional<Duration> glanced = step.glance(run);
    if (glanced.isPresent()) {
      return glanced;
    }
    Optional<Task> task = current(claim);
    if (task.filter(now -> !now.state().isFinal()).isEmpty()) {
      return overtaken(run, task); // no provider hears of it
    }
    if (lateness.isLateToStart(claim)) {
      return expireBegun(run);
    }
    boolean unknown = claim.task().state() instanceof TaskState.Indeterminate;
    if (unknown && claim.upstreamRef().isEmpty()) {
      parked.put(claim);
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
            : step.outcome(run, startedAt);
    return outcome.flatMap(came -> afterwards(run, startedAt, came));
  }

  /// A task whose time passed: its provider may have gone on.
  private Optional<Duration> expireBegun(Run run) {
    Claim claim = run.claim();
    if (late.begin(claim)) {
      return goesLate(run);
    }
    expireWaiting(claim);
    return Optional.empty();
  }

  /// The task ended while it waited, or is another's. One that expired may get its result late.
  private Optional<Duration> overtaken(Run run, Optional<Task> task) {
    Claim claim = run.claim();
    if (task.filter(now -> now.state() instanceof TaskState.Expired).isEmpty()) {
      left(claim.task().id());
      return Optional.empty();
    }
    if (late.takeUp(claim)) {
      return goesLate(run);
    }
    left(claim.task().id());
    return late.giveUp(claim);
  }

  private Optional<Duration> goesLate(Run run) {
    var _ = run.expire();
    var _ = run.goesLate();
    run.now(late.expired(run.claim()));
    return late.work(run, step::outcome);
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

  private Optional<Duration> afterwards(Run run, Instant startedAt, Outcome outcome) {
    Claim claim = run.claim();
    if (run.isLate()) {
      return late.after(run, outcome);
    }
    return switch (outcome) {
      case Outcome.Wait(var ref, var pause, _) when ref.isEmpty() -> {
        // Nobody took it: whatever it is shown as, it has to begin by its start-by time.
        run.now(claim.upstreamRef().isEmpty() ? claim.in(new TaskState.Queued()) : claim);
        yield Optional.of(pause);
      }
      case Outcome.Full(var pause) -> {
        run.now(claim.upstreamRef().isEmpty() ? claim.in(new TaskState.Queued()) : claim);
        run.turnedAway();
        yield Optional.of(pause);
      }
      case Outcome.Wait(_, var pause, int progress) -> {
        run.now(step.shown(claim, new TaskState.Running(startedAt, progress)));
        yield Optional.of(pause);
      }
      case Outcome.Unknown lost when claim.upstreamRef().isPresent() ->
          unknown(run, startedAt, lost);
      case Outcome.Refused(var reason) when reason.code() == ErrorCode.CANCELLED ->
          stopped(claim, startedAt);
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

  /// Its fate is unknown, but there is something to look it up by: it is looked up until it is
  /// known, at most until its deadline.
  private Optional<Duration> unknown(Run run, Instant startedAt, Outcome.Unknown lost) {
    Claim claim = run.claim();
    Instant now = clock.instant();
    TaskState.Indeterminate state =
        claim.task().state() instanceof TaskState.Indeterminate before
            ? before
            : new TaskState.Indeterminate(startedAt, now);
    if (!claim.task().state().equals(state)) {
      log.warn("task.unknown task={} reason=\"{}\"", claim.task().id(), lost.detail());
      if (settler.settleOnceStored(claim, state).isEmpty()) {
        // Where it expired in this very moment, it is looked up for a late result.
        return late.isExpired(claim) ? late.after(run, lost) : Optional.empty();
      }
    }
    run.now(claim.in(state));
    return Optional.of(untilLookUp(Duration.between(state.since(), now), lost.certain()));
  }

  /// The longer it is unknown, the rarer it is looked up; but no later than when that can end it,
  /// as a process that never lives so long would never find out.
  private static Duration untilLookUp(Duration since, Optional<Duration> certain) {
    Duration latest = certain.filter(pause -> isLess(pause, LOOK_UP_LATEST)).orElse(LOOK_UP_LATEST);
    Duration pause = isLess(latest, since) ? latest : since;
    return isLess(pause, LOOK_UP_SOONEST) ? LOOK_UP_SOONEST : pause;
  }

  private static boolean isLess(Duration one, Duration other) {
    return one.compareTo(other) < 0;
  }

  /// The provider says that the job was cancelled: by its owner's wish, or by somebody else.
  private Optional<Duration> stopped(Claim claim, Instant startedAt) {
    boolean wished = store.tasks().current(claim).filter(Canceller::isWanted).isPresent();
    if (!wished || store.tasks().cancel(claim, clock.instant()).isEmpty()) {
      settle(claim, startedAt, new Outcome.Refused(STOPPED));
    }
    return Optional.empty();
  }

  /// News about the job of a claim that waits: what they tell is noted before it is looked at.
  Claim told(Claim claim, Map<String, String> job) {
    Optional<String> ref = upstream.told(claim, job);
    return ref.isPresent() && store.tasks().noteUpstream(claim, ref.get())
        ? claim.at(ref.get())
        : claim;
  }

  /// Names those who could do a task: tasks of one name wait for the same places.
  String line(Claim claim) {
    return upstream.line(claim);
  }

  /// Nothing has to be held for a task any more.
  void left(TaskId id) {
    upstream.ended(id);
    canceller.forget(id);
  }

  /// The claim of a task as it is worked on. One that a dead process offered and that no provider
  /// took has not begun, whatever it was shown as; nor has one whose lost job turned out never to
  /// have come.
  Claim found(Claim claim) {
    if (claim.upstreamRef().isPresent()) {
      return claim;
    }
    boolean isFree =
        switch (claim.task().state()) {
          case TaskState.Running _ ->
              claim.task().order().terms().startBy().isPresent() && !late.resumes(claim);
          case TaskState.Indeterminate _ -> upstream.notesFirst(claim);
          default -> false;
        };
    return isFree ? claim.in(new TaskState.Queued()) : claim;
  }

  List<Claim> takeLate(int max) {
    return store.tasks().claimLate(max);
  }

  /// A claimed task as it stands now; empty when it is this claim's no longer. A wish to cancel it
  /// that its provider does not know of is told first.
  private Optional<Task> current(Claim claim) {
    Optional<Task> task = store.tasks().current(claim);
    if (task.filter(Canceller::isWanted).isPresent() && !canceller.isPending(claim)) {
      canceller.ask(claim);
      task = store.tasks().current(claim);
    }
    return task;
  }

  /// Asks the provider of a task that runs, waits, or whose fate is unknown, to cancel it. A task
  /// that waits for its turn is asked for when that comes.
  void askToCancel(TaskId id, Function<TaskId, Optional<Claim>> working, Consumer<TaskId> hasten) {
    canceller.askSoon(
        id,
        new Canceller.Wanted() {
          @Override
          public Optional<Claim> claim() {
            return working.apply(id).or(() -> parked.find(id));
          }

          @Override
          public void hasten() {
            hasten.accept(id);
          }
        });
  }

  /// A wish to cancel that came while the job was being submitted can be told now that its id is
  /// known.
  private void cancelIfWanted(Claim claim) {
    if (store.tasks().current(claim).filter(Canceller::isWanted).isPresent()) {
      askToCancel(claim.task().id(), _ -> Optional.of(claim), _ -> {});
    }
  }

  /// Forgets a parked task that was cancelled.
  void unpark(TaskId id) {
    parked.remove(id);
  }

  private void settle(Claim claim, Instant startedAt, Outcome outcome) {
    TaskState from = new TaskState.Running(startedAt, 0);
    TaskState next = Lifecycle.next(from, outcome, clock.instant());
    if (next instanceof TaskState.Indeterminate) {
      parked.put(claim);
    }
    settler
        .settleOnceStored(claim, next)
        .ifPresentOrElse(task -> ended(claim, task), () -> overtaken(claim, next));
  }

  /// The provider of a task that expired here, and is not waited for, is told.
  private void ended(Claim claim, Task task) {
    settler.ended(claim, task);
    if (task.state() instanceof TaskState.Expired) {
      left(task.id());
      canceller.abandon(claim);
    }
  }

  private void overtaken(Claim claim, TaskState next) {
    parked.remove(claim.task().id());
    left(claim.task().id()); // the look that brought this may have counted it as open again
    late.overtaken(claim, next);
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
    settler.settleOnceStored(claim, expired).ifPresent(task -> ended(claim, task));
  }

  /// Ends tasks of unknown fate whose deadline passed: their money is given back.
  void expireParked() {
    parked.takeLate(clock.instant()).forEach(this::expireParked);
  }

  private void expireParked(Claim claim) {
    Instant started = Lifecycle.startedAt(claim.task().state()).orElse(clock.instant());
    try {
      settle(claim, started, new Outcome.Late(TOO_LATE));
    } catch (Throwable later) {
      log.warn("task.expire.waiting task={}", claim.task().id(), later);
      parked.put(claim);
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
