package dev.carillon.gateway.upstream.sandbox;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.catalog.Shape;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.upstream.Job;
import dev.carillon.gateway.upstream.Provider;
import dev.carillon.gateway.upstream.Turn;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The sandbox as a provider: gives it an endpoint's instructions, and its works the endpoint's
/// shape.
public final class SandboxProvider implements Provider {
  /// What routes of the catalog call it.
  public static final String NAME = "sandbox";

  /// It goes on after the finish-by time, as providers do that know nothing of it; whoever runs it
  /// stops it earlier.
  private static final Duration LONGEST_LATE = Duration.ofDays(1);

  /// A place becomes free when a job ends, and that is heard of.
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Sandbox sandbox;
  private final InstantSource clock;
  private final int openJobs;
  private final Set<TaskId> open = new HashSet<>(); // guarded by itself

  /// One that takes all that comes.
  public SandboxProvider(Sandbox sandbox, InstantSource clock) {
    this(sandbox, clock, Integer.MAX_VALUE);
  }

  /// @param openJobs how many it takes at once
  public SandboxProvider(Sandbox sandbox, InstantSource clock, int openJobs) {
    this.sandbox = sandbox;
    this.clock = clock;
    this.openJobs = openJobs;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Turn begin(Job job) throws InterruptedException {
    return enter(job.claim())
        ? Provider.super.begin(job)
        : new Turn.NotTaken(Reason.of(ErrorCode.BUSY), Optional.of(SOON));
  }

  /// What a dead process began has a place whatever the limit says.
  private boolean enter(Claim claim) {
    synchronized (open) {
      TaskId task = claim.task().id();
      return (open.size() < openJobs || claim.attempt() > 1 || open.contains(task))
          && (open.contains(task) || open.add(task));
    }
  }

  private void leave(TaskId task) {
    synchronized (open) {
      open.remove(task);
    }
  }

  @Override
  public Outcome run(Job job) {
    SandboxResult result = sandbox.look(order(job));
    if (!(result instanceof SandboxResult.Pending)) {
      leave(job.claim().task().id());
    }
    return switch (result) {
      case SandboxResult.Pending pending -> waiting(pending);
      case SandboxResult.Ended(var outcome) -> outcome;
      case SandboxResult.Made(var works) -> done(job, works);
    };
  }

  private static Outcome.Wait waiting(SandboxResult.Pending pending) {
    return new Outcome.Wait(NAME, pending.pause(), pending.percent());
  }

  @Override
  public Optional<Outcome.Wait> glance(Claim claim) {
    return sandbox.glance(claim.task().id()).map(SandboxProvider::waiting);
  }

  @Override
  public boolean has(TaskId task) {
    return sandbox.has(task);
  }

  @Override
  public void ended(TaskId task) {
    sandbox.forget(task);
    leave(task);
  }

  /// It has no jobs of its own: the same order ends in the same way at the same time.
  @Override
  public boolean resumes(Job job) {
    return true;
  }

  @Override
  public CancelAnswer cancel(Job job) {
    return sandbox.cancel(order(job));
  }

  private static SandboxOrder order(Job job) {
    Order order = job.claim().task().order();
    var timing = job.endpoint().timing();
    return new SandboxOrder(
        job.endpoint().plan(job.request()),
        job.request(),
        Optional.empty(),
        order.id(),
        begunAt(job.claim()),
        new SandboxOrder.Pace(timing.typical(), timing.p90()),
        order.finishBy().plus(LONGEST_LATE),
        job.baseUrl());
  }

  /// One that a dead process began goes on from then, or from its creation where that was not
  /// stored, so it ends when it would have.
  private static Optional<Instant> begunAt(Claim claim) {
    return Lifecycle.startedAt(claim.task().state())
        .or(() ->
            claim.attempt() > 1 ? Optional.of(claim.task().order().createdAt()) : Optional.empty());
  }

  private Outcome done(Job job, List<Map<String, Object>> works) {
    Order order = job.claim().task().order();
    return new Outcome.Done(
        job.endpoint()
            .response()
            .render(
                new Shape.Context(
                    job.request(),
                    works,
                    order.id().toString(),
                    order.traceId(),
                    order.createdAt(),
                    clock.instant())));
  }
}
