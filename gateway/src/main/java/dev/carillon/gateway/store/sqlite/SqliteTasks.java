package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.ApplicationId;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.TaskStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The verbs of a task's life: each hands a [Verb] to the writer, or reads.
final class SqliteTasks implements TaskStore {
  private static final String NOTE_UPSTREAM =
      "UPDATE task SET upstream_ref = ? WHERE id = ? AND fence = ? AND state < 10";

  private final Memory memory;
  private final Writer writer;
  private final Readers readers;
  private final TaskReads reads;
  private final Ending ending;
  private final InstantSource clock;
  private final Backlog backlog;

  SqliteTasks(
      Memory memory,
      Writer writer,
      Readers readers,
      TaskReads reads,
      Backlog backlog,
      Ending ending) {
    this.memory = memory;
    this.writer = writer;
    this.readers = readers;
    this.reads = reads;
    this.ending = ending;
    this.clock = ending.clock();
    this.backlog = backlog;
  }

  @Override
  public Accepted accept(Order order) {
    if (!memory.open().reserve()) {
      return new Accepted.Full();
    }
    var verb = new Accept(memory, TaskRows.millis(order));
    boolean queued = false;
    try {
      queued = writer.offer(verb);
    } finally {
      if (!queued) {
        memory.open().free();
      }
    }
    return queued ? verb.await() : new Accepted.Full();
  }

  @Override
  public List<Claim> claim(int max, Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    List<Claim> left = rescue(max);
    if (!left.isEmpty()) {
      return left;
    }
    while (true) {
      long nanos = end - System.nanoTime();
      List<HandOver.Waiting> taken = memory.handOver().take(max, nanos);
      List<Claim> claims = claims(taken);
      if (!claims.isEmpty() || taken.isEmpty()) {
        return claims;
      }
    }
  }

  /// What a dead process left comes first, as it was accepted first.
  private List<Claim> rescue(int max) {
    while (true) {
      List<Long> positions = backlog.take(max);
      if (positions.isEmpty()) {
        return List.of();
      }
      try {
        List<Claim> claims = writer.run(new Rescue(memory, positions));
        if (!claims.isEmpty()) {
          return claims;
        }
      } catch (StoreUnavailableException failure) {
        backlog.giveBack(positions);
        throw failure;
      }
    }
  }

  /// What cannot be read now goes back to where it was taken from: no task is left without an
  /// owner.
  private List<Claim> claims(List<HandOver.Waiting> taken) {
    var claims = new ArrayList<Claim>(taken.size());
    for (int i = 0; i < taken.size(); i++) {
      try {
        claim(taken.get(i)).ifPresent(claims::add);
      } catch (StoreUnavailableException later) {
        memory.handOver().giveBack(taken.subList(i, taken.size()));
        if (claims.isEmpty()) {
          throw later;
        }
        return claims;
      }
    }
    return claims;
  }

  /// Passes over tasks that ended while they waited.
  private Optional<Claim> claim(HandOver.Waiting waiting) {
    if (!memory.open().isCurrent(waiting.id(), HandOver.Waiting.FENCE)) {
      return Optional.empty();
    }
    Optional<Task> task = waiting.task().isPresent() ? waiting.task() : reads.find(waiting.id());
    return task.filter(found -> !found.state().isFinal()).map(HandOver.Waiting::claim);
  }

  @Override
  public boolean noteUpstream(Claim claim, String upstreamRef) {
    return writer.run(
        new Act<>(transaction ->
            transaction
                    .sql(NOTE_UPSTREAM)
                    .put(upstreamRef)
                    .put(claim.task().id().value())
                    .put(claim.fence())
                    .update()
                > 0));
  }

  @Override
  public void noteRunning(Claim claim, TaskState.Running running) {
    var shown = new TaskState.Running(StateColumns.millis(running.startedAt()), running.progress());
    memory.running(claim, shown, clock.instant());
  }

  @Override
  public Optional<Task> settle(Claim claim, TaskState next) {
    return writer.run(new Settle(memory, ending, claim, next));
  }

  @Override
  public Optional<Task> cancel(TaskId id, ApplicationId application, Instant now) {
    return writer.run(new Cancel(memory, ending, id, application, now));
  }

  @Override
  public Optional<Task> find(TaskId id) {
    return reads.find(id);
  }

  @Override
  public Optional<Task> findByTrace(ApplicationId application, String service, String traceId) {
    return reads.findByTrace(application, service, traceId);
  }

  @Override
  public List<Task> findAll(ApplicationId application, Collection<TaskId> ids) {
    return reads.findAll(application, ids);
  }

  @Override
  public List<Task> list(TaskQuery query) {
    return reads.list(query);
  }

  @Override
  public int count(TaskQuery query, int bound) {
    return reads.count(query, bound);
  }

  @Override
  public List<Event> events(TaskId id, int after, int max) {
    return reads.events(id, after, max);
  }

  @Override
  public boolean remove(TaskId id, ApplicationId application) {
    boolean removable =
        reads
            .find(id)
            .filter(task -> task.order().owner().application().equals(application))
            .filter(task -> task.state().isFinal())
            .isPresent();
    return removable && writer.run(new Purge(memory, List.of(id))) > 0;
  }

  @Override
  public int openTasks() {
    return memory.open().count();
  }

  @Override
  public int purge(Instant endedBefore, int max) {
    List<TaskId> found = readers.atLength(session -> Purge.find(session, endedBefore, max));
    int removed = 0;
    for (int from = 0; from < found.size(); from += Purge.AT_ONCE) {
      int to = Math.min(found.size(), from + Purge.AT_ONCE);
      removed += writer.run(new Purge(memory, List.copyOf(found.subList(from, to))));
    }
    return removed;
  }
}
