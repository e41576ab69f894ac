package dev.carillon.gateway.store.postgres.task;

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
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.VideoQuery;
import dev.carillon.gateway.store.postgres.batch.Accept;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.SettleLate;
import dev.carillon.gateway.store.postgres.batch.StateColumns;
import dev.carillon.gateway.store.postgres.batch.Verb;
import dev.carillon.gateway.store.postgres.batch.Writer;
import dev.carillon.gateway.store.postgres.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/// The verbs of a task's life: each hands a [Verb] to the writers, or reads.
final class PostgresTasks implements TaskStore {
  private static final Room NONE = new Room(0, 0);

  private final Memory memory;
  private final Database database;
  private final Writer writer;
  private final TaskReads reads;
  private final Claims claims;
  private final Crowd crowd;
  private final InstantSource clock;

  PostgresTasks(Memory memory, Database database, Writer writer, Crowd crowd, InstantSource clock) {
    this.memory = memory;
    this.database = database;
    this.writer = writer;
    this.reads = new TaskReads(database, memory.hot(), memory.open());
    this.claims = new Claims(memory, database, writer, reads);
    this.crowd = crowd;
    this.clock = clock;
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
    boolean full = crowd.isFull();
    if (full && fingerprint.isEmpty()) {
      return new Accepted.Full();
    }
    // One whose key is known needs no room, so it is asked about even when there is none.
    var verb = new Accept(order, fingerprint, full ? NONE : room, memory);
    if (!writer.offer(verb)) {
      return new Accepted.Full();
    }
    return switch (verb.await()) {
      case Accepted.Taken(var task) -> new Accepted.Taken(memory.open().overlay(task));
      case Accepted.Replayed(var task) -> new Accepted.Replayed(memory.open().overlay(task));
      case Accepted.NoRoom(boolean ofService) ->
          full ? new Accepted.Full() : new Accepted.NoRoom(ofService);
      case Accepted.KeyReused reused -> reused;
      case Accepted.UsedUp usedUp -> usedUp;
      case Accepted.OverLimit overLimit -> overLimit;
      case Accepted.Full crowded -> crowded;
    };
  }

  @Override
  public List<Claim> claim(int max, Duration wait) throws InterruptedException {
    return claims.claim(max, wait);
  }

  @Override
  public boolean noteUpstream(Claim claim, String upstreamRef) {
    return writer.run(Wish.upstream(claim, upstreamRef));
  }

  @Override
  public BooleanSupplier hold() {
    return memory.node().hold();
  }

  @Override
  public void noteRunning(Claim claim, TaskState.Running running) {
    var shown = new TaskState.Running(StateColumns.millis(running.startedAt()), running.progress());
    memory.running(claim, shown, clock.instant());
  }

  @Override
  public Optional<Task> settle(Claim claim, TaskState next) {
    return writer.run(new Settle(memory, claim, next));
  }

  @Override
  public Optional<Task> expire(Claim claim, TaskState.Expired expired) {
    return writer.run(new Settle(memory, claim, expired).awaited());
  }

  @Override
  public Late settleLate(Claim claim, TaskState.Succeeded succeeded) {
    return writer.run(new SettleLate(claim, succeeded, memory::endedLate));
  }

  @Override
  public boolean endWait(Claim claim) {
    return writer.run(LateWaits.end(claim)) > 0;
  }

  @Override
  public List<Claim> claimLate(int max) {
    return memory.node().holdsLease()
        ? writer.run(LateWaits.claim(memory.node().id(), max))
        : List.of();
  }

  @Override
  public Optional<Task> cancel(TaskId id, ApplicationId application, Instant now) {
    return ifOwned(id, application, order -> new Cancel(memory, order, now, false));
  }

  @Override
  public Optional<Task> cancel(Claim claim, Instant now) {
    return writer.run(new Cancel(memory, claim, now));
  }

  @Override
  public Optional<Task> current(Claim claim) {
    return reads.current(claim);
  }

  @Override
  public Optional<Task> requestCancel(TaskId id, ApplicationId application, Instant now) {
    return ifOwned(id, application, order -> new Cancel(memory, order, now, true));
  }

  @Override
  public Optional<Task> noteCancellation(Claim claim, CancelAnswer answer) {
    return writer.run(Wish.answer(memory, claim, answer));
  }

  @Override
  public Optional<Task> keep(TaskId id, ApplicationId application, Keeping keeping) {
    return ifOwned(id, application, order -> Wish.keep(memory, order, keeping));
  }

  /// Runs a verb on a task of this application. What is asked of a task beforehand never changes.
  private Optional<Task> ifOwned(
      TaskId id, ApplicationId application, Function<Order, Verb<Optional<Task>>> verb) {
    Optional<Order> order =
        reads.row(id).map(Task::order).filter(of -> of.owner().application().equals(application));
    return order.isPresent() ? writer.run(verb.apply(order.get())) : Optional.empty();
  }

  @Override
  public Optional<Task> find(TaskId id) {
    return reads.find(id);
  }

  @Override
  public Optional<Task> findByKey(ApplicationId application, IdempotencyKey key) {
    return reads.findByKey(application, key);
  }

  @Override
  public Optional<Tombstone> tombstone(TaskId id, ApplicationId application) {
    return reads.tombstone(id, application);
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
  public List<Task> left(int max) {
    return claims.left(max);
  }

  @Override
  public int openTasks() {
    return reads.openTasks();
  }

  @Override
  public int openTasks(ApplicationId application) {
    return reads.openTasks(application).values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public int openTasks(ApplicationId application, String service) {
    return reads.openTasks(application).getOrDefault(service, 0);
  }

  @Override
  public boolean remove(TaskId id, ApplicationId application) {
    boolean removable =
        reads
            .row(id)
            .filter(task -> task.order().owner().application().equals(application))
            .filter(task -> task.state().isFinal())
            .isPresent();
    Instant now = clock.instant();
    return removable && writer.run(new Purge(memory, List.of(id), now, now)) > 0;
  }

  @Override
  public int purge(Instant endedBefore, int max) {
    Instant now = clock.instant();
    List<TaskId> found = database.read(session -> Purge.find(session, endedBefore, now, max));
    int removed = 0;
    for (int from = 0; from < found.size(); from += Purge.AT_ONCE) {
      int to = Math.min(found.size(), from + Purge.AT_ONCE);
      List<TaskId> part = List.copyOf(found.subList(from, to));
      removed += writer.run(new Purge(memory, part, endedBefore, now));
    }
    return removed;
  }

  @Override
  public int forgetTombstones(Instant deletedBefore, int max) {
    return writer.run(new Act<>(batch -> Purge.forgetTombstones(batch, deletedBefore, max)));
  }
}
