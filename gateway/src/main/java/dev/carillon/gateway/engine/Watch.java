package dev.carillon.gateway.engine;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.SteadyClock;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the deadlines of tasks that run and of those that wait for their turn. A round costs what
/// is due in it, however many tasks there are.
final class Watch {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);
  private static final int CLAIM_BATCH = 256;

  /// When one that could not be ended now is tried again.
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Engine engine;
  private final Worker worker;
  private final Lateness lateness;
  private final SteadyClock steady;
  private final Deadlines<Run, Instant> running = new Deadlines<>();

  /// Runs whose deadline passed and that could not be ended then.
  private final Deadlines<Run, Duration> again = new Deadlines<>();

  private final Deadlines<TaskId, Instant> waiting = new Deadlines<>();

  Watch(Engine engine, Worker worker, SteadyClock steady) {
    this.engine = engine;
    this.worker = worker;
    this.lateness = worker.lateness();
    this.steady = steady;
  }

  void began(Run run) {
    Claim claim = run.claim();
    running.put(run, run.isLate() ? lateness.lastMoment(claim) : claim.task().order().finishBy());
  }

  void ended(Run run) {
    running.remove(run);
    again.remove(run);
  }

  /// A claim waits for its turn.
  void waits(Claim claim) {
    waiting.put(claim.task().id(), Lateness.first(claim));
  }

  void hasTurn(Claim claim) {
    waiting.remove(claim.task().id());
  }

  void round() {
    Instant now = worker.now();
    running.due(now).forEach(this::watch);
    again.due(steady.elapsed()).forEach(this::watch);
    Set<TaskId> late = new HashSet<>(waiting.due(now));
    if (!late.isEmpty()) {
      engine
          .takeWaiting(now, claim -> late.contains(claim.task().id()) && isLate(claim))
          .forEach(this::expireWaiting);
    }
    worker.expireParked();
  }

  /// One that is late no longer, as the clock was set back meanwhile, is watched on.
  private boolean isLate(Claim claim) {
    boolean late = lateness.isLateToStart(claim);
    if (!late) {
      waits(claim);
    }
    return late;
  }

  /// One that only looks at what it waits for is expired at its next look; one whose fate is
  /// unknown may be sending it again, which takes longer.
  private void watch(Run run) {
    try {
      end(run);
    } catch (Throwable later) {
      log.warn("engine.waiting loop=deadline task={}", run.claim().task().id(), later);
      run.notExpired();
      watchAgain(run);
    }
  }

  private void end(Run run) {
    if (lateness.isTooLate(run.claim()) || run.isFinishing()) {
      run.late(); // what is only being copied was made in time
    } else if (onlyLooks(run) || !run.expire()) {
      watchAgain(run);
    } else {
      running.put(run, lateness.lastMoment(run.claim()));
      forgetIfOver(run);
      Thread.ofVirtual().name("expire-" + run.claim().task().id()).start(() -> expire(run));
    }
  }

  private static boolean onlyLooks(Run run) {
    return run.resumed() && !(run.claim().task().state() instanceof TaskState.Indeterminate);
  }

  private void watchAgain(Run run) {
    again.put(run, steady.elapsed().plus(AGAIN));
    forgetIfOver(run);
  }

  private void forgetIfOver(Run run) {
    if (engine.isOver(run)) {
      ended(run);
    }
  }

  /// Ends a task for its caller and lets its provider work on, where there is room for that.
  private void expire(Run run) {
    try {
      if (!worker.late().beginRunning(run.claim())) {
        run.late();
        return;
      }
      if (run.goesLate()) {
        engine.wentLate(run);
      }
    } catch (Throwable later) {
      log.warn("engine.waiting loop=expire task={}", run.claim().task().id(), later);
      run.notExpired();
      watchAgain(run);
    }
  }

  /// A task that a dead process worked on may get its result late, too.
  private void expireWaiting(Claim claim) {
    try {
      if (worker.late().begin(claim)) {
        engine.waitFor(worker.late().expired(claim));
      } else {
        worker.expireWaiting(claim);
      }
    } catch (Throwable later) {
      log.warn("engine.waiting loop=expire task={}", claim.task().id(), later);
      engine.enqueue(claim);
    }
  }

  /// Waits on for what a dead process waited for, as far as there is room; after the start that may
  /// be another node.
  void takeUpLate() {
    boolean more = true;
    while (more) {
      int room = Math.min(CLAIM_BATCH, worker.late().seats().free());
      List<Claim> claims = room > 0 ? worker.takeLate(room) : List.of();
      claims.forEach(this::takeUp);
      more = !claims.isEmpty();
    }
  }

  private void takeUp(Claim claim) {
    try {
      if (worker.late().takeUp(claim)) {
        engine.waitFor(claim);
      } else {
        var _ = worker.late().endWait(claim);
      }
    } catch (Throwable later) {
      log.warn("engine.waiting loop=late task={}", claim.task().id(), later);
      engine.waitFor(claim);
    }
  }
}
