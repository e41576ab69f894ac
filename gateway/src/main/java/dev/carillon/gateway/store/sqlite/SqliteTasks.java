package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.Tombstone;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.StoreUnavailableException;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.VideoQuery;
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
      "UPDATE task SET upstream_ref = ? WHERE id = ? AND fence = ?"
          + " AND (state < 10 OR id IN (SELECT task_id FROM late_wait))";

  private final Memory memory;
  private final Writer writer;
  private final Readers readers;
  private final TaskReads reads;
  private final Ending ending;
  private final InstantSource clock;
  private final Backlog backlog;
  private final LateWaits lateWaits;

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
    this.clock = ending.fanOut().clock();
    this.backlog = backlog;
    this.lateWaits = new LateWaits(readers);
  }

  @Override
  public Accepted accept(Order order) {
    return accept(order, Optional.empty(), Room.ENOUGH);
  }

  @Override
  public Accepted accept(Order order, Fingerprint fingerprint) {
    return accept(order, Optional.of(fingerprint), Room.ENOUGH);
  }

  @Override
  public Accepted accept(Order order, Optional<Fingerprint> fingerprint, Room room) {
    OpenTasks.Reserved reserved = memory.open().reserve(order, room);
    if (reserved != OpenTasks.Reserved.YES) {
      return known(order, fingerprint).orElseGet(() -> refused(reserved));
    }
    var verb = new Accept(memory, TaskRows.millis(order), fingerprint);
    boolean queued = false;
    try {
      queued = writer.offer(verb);
    } finally {
      if (!queued) {
        memory.open().free(order);
      }
    }
    return queued ? verb.await() : new Accepted.Full();
  }

  /// What an earlier order with this key came to: it needs no room.
  private Optional<Accepted> known(Order order, Optional<Fingerprint> fingerprint) {
    if (fingerprint.isEmpty()) {
      return Optional.empty();
    }
    return readers
        .shortly(session -> new Accept(memory, order, fingerprint).before(session))
        .map(accepted ->
            switch (accepted) {
              case Accepted.Taken(var task) -> new Accepted.Taken(memory.open().overlay(task));
              case Accepted.Replayed(var task) ->
                  new Accepted.Replayed(memory.open().overlay(task));
              default -> accepted;
            });
  }

  private static Accepted refused(OpenTasks.Reserved reserved) {
    return reserved == OpenTasks.Reserved.FULL
        ? new Accepted.Full()
        : new Accepted.NoRoom(reserved == OpenTasks.Reserved.SERVICE_FULL);
  }

  @Override
  public List<Claim> claim(int max, Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    if (!backlog.isEmpty()) {
      List<Claim> claims = withLeft(max);
      if (!claims.isEmpty()) {
        return claims;
      }
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

  /// What a dead process left, and of what came since up to half as many: who came after the start
  /// does not wait for all that was there before.
  private List<Claim> withLeft(int max) throws InterruptedException {
    List<HandOver.Waiting> taken = memory.handOver().take(max / 2, 0);
    boolean rescued = false;
    try {
      var both = new ArrayList<>(rescue(max - taken.size()));
      rescued = true;
      both.addAll(claimsIfAny(taken, both));
      return both;
    } finally {
      if (!rescued) {
        memory.handOver().giveBack(taken);
      }
    }
  }

  /// What was rescued must reach its worker, even where the others cannot be read now.
  private List<Claim> claimsIfAny(List<HandOver.Waiting> taken, List<Claim> rescued) {
    try {
      return claims(taken);
    } catch (StoreUnavailableException later) {
      if (rescued.isEmpty()) {
        throw later;
      }
      return List.of();
    }
  }

  /// The next of what a dead process left.
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
  public Optional<Task> expire(Claim claim, TaskState.Expired expired) {
    return writer.run(new Settle(memory, ending, claim, expired).awaited());
  }

  @Override
  public Late settleLate(Claim claim, TaskState.Succeeded succeeded) {
    return writer.run(new SettleLate(memory, ending.fanOut(), claim, succeeded));
  }

  @Override
  public boolean endWait(Claim claim) {
    return writer.run(new Act<>(transaction -> LateWaits.delete(transaction, claim))) > 0;
  }

  @Override
  public List<Claim> claimLate(int max) {
    List<TaskId> ids = lateWaits.take(max);
    if (ids.isEmpty()) {
      return List.of();
    }
    try {
      return writer.run(new Act<>(transaction -> LateWaits.claim(transaction, ids)));
    } catch (RuntimeException | Error later) {
      lateWaits.giveBack(ids);
      throw later;
    }
  }

  @Override
  public Optional<Task> cancel(TaskId id, ApplicationId application, Instant now) {
    return writer.run(new Cancel(memory, ending, id, application, now));
  }

  @Override
  public Optional<Task> cancel(Claim claim, Instant now) {
    return writer.run(new Cancel(memory, ending, claim, now));
  }

  @Override
  public Optional<Task> current(Claim claim) {
    TaskId id = claim.task().id();
    boolean stale =
        memory.open().find(id).filter(open -> open.fence() != claim.fence()).isPresent();
    return stale ? Optional.empty() : reads.find(id);
  }

  @Override
  public Optional<Task> requestCancel(TaskId id, ApplicationId application, Instant now) {
    return writer.run(new Cancel(memory, ending, id, application, now).asking());
  }

  @Override
  public Optional<Task> noteCancellation(Claim claim, CancelAnswer answer) {
    return writer.run(Wish.answer(memory, claim, answer));
  }

  @Override
  public Optional<Task> keep(TaskId id, ApplicationId application, Keeping keeping) {
    return writer.run(Wish.keep(memory, id, application, keeping));
  }

  @Override
  public Optional<Task> findByKey(ApplicationId application, IdempotencyKey key) {
    return readers
        .shortly(session -> IdempotencyRows.task(session, application, key))
        .map(memory.open()::overlay);
  }

  @Override
  public Optional<Tombstone> tombstone(TaskId id, ApplicationId application) {
    return readers.shortly(session -> Tombstones.find(session, id, application));
  }

  @Override
  public int forgetTombstones(Instant deletedBefore, int max) {
    return writer.run(new Act<>(transaction -> Tombstones.forget(transaction, deletedBefore, max)));
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
  public List<Task> videos(VideoQuery query) {
    return reads.videos(query);
  }

  @Override
  public List<Task> oldestOpen(ApplicationId application, Optional<String> service, int max) {
    return reads.oldestOpen(application, service, max);
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
    Instant now = clock.instant();
    return removable && writer.run(new Purge(memory, List.of(id), now, now)) > 0;
  }

  @Override
  public List<Task> left(int max) {
    List<Long> positions = backlog.newest(max);
    return readers.atLength(session -> {
      var tasks = new ArrayList<Task>(positions.size());
      for (long position : positions) {
        TaskRows.claimAt(session, position).map(Claim::task).ifPresent(tasks::add);
      }
      return tasks;
    });
  }

  @Override
  public int openTasks() {
    return memory.open().count();
  }

  @Override
  public int openTasks(ApplicationId application) {
    return memory.open().count(application, "");
  }

  @Override
  public int openTasks(ApplicationId application, String service) {
    return memory.open().count(application, service);
  }

  @Override
  public int purge(Instant endedBefore, int max) {
    Instant now = clock.instant();
    List<TaskId> found = readers.atLength(session -> Purge.find(session, endedBefore, now, max));
    int removed = 0;
    for (int from = 0; from < found.size(); from += Purge.AT_ONCE) {
      int to = Math.min(found.size(), from + Purge.AT_ONCE);
      List<TaskId> part = List.copyOf(found.subList(from, to));
      removed += writer.run(new Purge(memory, part, endedBefore, now));
    }
    return removed;
  }
}
