package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState.Ended;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.batch.Ledger.Amount;
import dev.carillon.gateway.store.postgres.sql.Faults;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// One transaction and what its verbs share: what is locked, and what is to be written. The
/// package's chapter tells the steps. Of one writer's thread.
public final class Batch {
  private static final String CLOSE =
      "DELETE FROM open_task USING unnest(?::uuid[], ?::uuid[]) AS v(application_id, task_id)"
          + " WHERE open_task.application_id = v.application_id AND open_task.task_id = v.task_id";

  private static final String LOCK_EXPIRED =
      "SELECT id FROM task JOIN unnest(?::uuid[], ?::uuid[]) AS v(task_id, of_id)"
          + " ON id = v.task_id AND application_id = v.of_id"
          + " WHERE state = 13 ORDER BY id FOR UPDATE OF task";

  private final Session session;
  private final Deliveries deliveries;
  private final Given given;
  private final Needs needs = new Needs();
  private final Heads heads = new Heads();
  private final Purses purses = new Purses();
  private final Ledger ledger = new Ledger();
  private final UsageDays usage = new UsageDays();
  private final Map<TaskId, LockedTask> tasks = new LinkedHashMap<>();
  private final List<LockedTask> ended = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final Set<ApplicationId> grown = new HashSet<>();

  Batch(Session session, Deliveries deliveries, Given given) {
    this.session = session;
    this.deliveries = deliveries;
    this.given = given;
  }

  /// What a batch is given.
  ///
  /// @param node the owner of what is accepted
  /// @param generals which accounts are likely to be needed
  /// @param careful whether orders are expected that were taken in before, which their inserts tell
  record Given(UUID node, Generals generals, boolean careful) {}

  /// Verbs that wait for a later batch.
  @FunctionalInterface
  interface Later {
    /// Takes those that fit.
    List<Verb<?>> take(Predicate<Verb<?>> fits);
  }

  /// Runs verbs up to the commit, which is the caller's. Most of what they write waits for it.
  ///
  /// @param later asked once for orders that can be decided with the locks taken for these: where
  ///   other nodes held them for long, many have come
  void run(List<Verb<?>> verbs, Later later) throws SQLException {
    for (Verb<?> verb : verbs) {
      verb.needs(needs);
    }
    var accepting = new Accepting(this, given, needs.accepts);
    var decisions = new ArrayList<Needs.Decision>();
    lock(accepting, decisions);
    List<Verb<?>> joined = later.take(new Joining(needs, purses)::fits);
    for (Verb<?> verb : joined) {
      verb.needs(needs);
    }
    accepting.run();
    for (Needs.Decision kind : decisions) {
      kind.decide();
    }
    for (Verb<?> verb : verbs) {
      verb.attempt(this);
    }
    for (Verb<?> verb : joined) {
      verb.attempt(this);
    }
    write();
  }

  private void lock(Accepting accepting, List<Needs.Decision> decisions) throws SQLException {
    if (!needs.tasks.isEmpty()) {
      LockedTask.lock(session, needs.tasks, task -> tasks.put(task.id(), task));
    }
    if (!needs.late.isEmpty()) {
      lockLate();
    }
    heads.lock(session, needs.heads);
    purses.lockApplications(session, needs.applications);
    // Before the accounts: who locks one of these holds the head of its application.
    purses.lockSpendings(session, needs.spendings);
    if (!needs.tasks.isEmpty() || !needs.late.isEmpty()) {
      deliveries.load(session, needs.heads);
    }
    accepting.find();
    Set<AccountId> likely = likelyAccounts();
    purses.lockAccounts(session, likely);
    for (var kind : needs.together.entrySet()) {
      decisions.add(kind.getKey().begin(this, kind.getValue()));
    }
    session.send();
    lockMore(likely);
  }

  private void lockMore(Set<AccountId> locked) throws SQLException {
    Set<AccountId> missing = accounts();
    missing.removeAll(locked);
    if (missing.isEmpty()) {
      return;
    }
    if (!locked.isEmpty() || !needs.together.isEmpty()) {
      // Taken now, they could be out of order with those of another batch, or with deliveries.
      throw Faults.conflict("more accounts are needed than was foreseen");
    }
    purses.lockAccounts(session, missing);
    session.send();
  }

  private Set<AccountId> likelyAccounts() {
    Set<AccountId> likely = new HashSet<>(needs.accounts);
    Stream.concat(needs.holding.stream(), needs.ending.stream())
        .map(Order::owner)
        .filter(owner -> given.generals.isLikely(owner.application()))
        .forEach(owner -> likely.add(owner.account()));
    return likely;
  }

  /// Nothing of them is remembered: who needs one reads it again under the lock.
  private void lockLate() {
    List<Map.Entry<TaskId, ApplicationId>> keys = List.copyOf(needs.late.entrySet());
    session
        .sql(LOCK_EXPIRED)
        .ids(keys, key -> key.getKey().value())
        .ids(keys, key -> key.getValue().value())
        .later(Row::uuid, _ -> {});
  }

  /// Accounts are locked only where the general balance may be touched: many applications share
  /// one.
  private Set<AccountId> accounts() {
    Set<AccountId> accounts = new HashSet<>(needs.accounts);
    var drawing = new HashMap<ApplicationId, Boolean>();
    var wanted = new HashMap<ApplicationId, Long>();
    for (Order order : needs.holding) {
      wanted.merge(order.owner().application(), order.price().micros(), Long::sum);
    }
    for (Order order : needs.holding) {
      ApplicationId application = order.owner().application();
      boolean draws = purses.needsGeneral(application, wanted.getOrDefault(application, 0L));
      drawing.merge(application, draws, Boolean::logicalOr);
      if (draws) {
        accounts.add(order.owner().account());
      }
    }
    for (Order order : needs.ending) {
      LockedTask task = tasks.get(order.id());
      if (task != null) {
        boolean draws = task.fromInstance() < order.price().micros();
        drawing.merge(order.owner().application(), draws, Boolean::logicalOr);
        if (draws) {
          accounts.add(order.owner().account());
        }
      }
    }
    drawing.forEach(given.generals::learn);
    return accounts;
  }

  private void write() throws SQLException {
    LockedTask.write(session, tasks.values());
    KeptTasks.write(session, ended);
    ledger.write(session);
    Events.insert(session, events);
    deliveries.write(session);
    usage.write(session);
    heads.write(session);
    purses.write(session);
    if (!ended.isEmpty()) {
      session
          .sql(CLOSE)
          .ids(ended, task -> task.application().value())
          .ids(ended, task -> task.id().value())
          .later();
    }
  }

  /// For statements of a verb's own.
  public Session session() {
    return session;
  }

  public Sql sql(String text) throws SQLException {
    return session.sql(text);
  }

  public Heads heads() {
    return heads;
  }

  public Purses purses() {
    return purses;
  }

  public Deliveries deliveries() {
    return deliveries;
  }

  Ledger ledger() {
    return ledger;
  }

  UsageDays usage() {
    return usage;
  }

  /// A task that a verb of this batch needed, while it is open.
  public Optional<LockedTask> open(TaskId id) {
    return Optional.ofNullable(tasks.get(id)).filter(LockedTask::isOpen);
  }

  /// A task that a verb of this batch needed and that was open before it; it may have ended it.
  public Optional<LockedTask> locked(TaskId id) {
    return Optional.ofNullable(tasks.get(id));
  }

  /// An open task under a claim's fence; empty when that is stale.
  public Optional<LockedTask> open(TaskId id, long fence) {
    return open(id).filter(task -> task.fence() == fence);
  }

  /// Ends an open task: state, event, money and deliveries.
  ///
  /// @param shown how far it was shown to be, which its row may not say yet
  public Task end(LockedTask open, Order order, Ended how, int shown) {
    int progress = how instanceof Succeeded ? 100 : Math.max(open.progress(), shown);
    open.end(how, order, progress);
    ended.add(open);
    Event event = event(open, StateColumns.eventOf(how), how.at(), progress);
    heads.closed(open.application(), order.service());
    pay(order, how, open.fromInstance());
    Task task = open.task(order, how);
    deliveries.ended(task, event);
    return task;
  }

  private void pay(Order order, Ended how, long fromInstance) {
    Amount held = Amount.of(order.price(), fromInstance);
    long cost = how instanceof Succeeded done ? done.answer().costOf(order.price()).micros() : 0;
    Amount charged = held.first(cost);
    Amount released = held.minus(charged);
    if (!released.whole().isZero()) {
      purses.release(order.owner(), released.whole(), released.instance());
    }
    long at = how.at().toEpochMilli();
    ledger.add(order, Ledger.SETTLE, charged, at);
    ledger.add(order, Ledger.RELEASE, released, at);
    usage.ended(order, how, charged.whole().micros());
  }

  /// Adds an event of an open task that goes on.
  ///
  /// @param tell whether endpoints hear of it
  public void underWay(LockedTask open, EventType type, Instant at, int progress, boolean tell) {
    Event event = event(open, type, at, progress);
    if (tell) {
      deliveries.underWay(event);
    }
    if (type == EventType.TASK_PROGRESSED) {
      open.hearsSteps().ifPresent(url -> deliveries.step(event, url));
    }
  }

  private Event event(LockedTask open, EventType type, Instant at, int progress) {
    return event(new What(open.id(), open.application(), open.takeSequence()), type, at, progress);
  }

  /// Adds an event of a task whose row the batch has locked.
  Event event(What what, EventType type, Instant at, int progress) {
    long position = heads.nextPosition(what.application);
    grown.add(what.application);
    var event = new Event(position, what.task, what.application, what.sequence, type, at, progress);
    events.add(event);
    return event;
  }

  /// An event's task, and its number among those of the task.
  record What(TaskId task, ApplicationId application, int sequence) {}

  /// Notes that an application's feed grows by what a verb writes itself.
  public void grows(ApplicationId application) {
    grown.add(application);
  }

  /// The applications whose feeds grew.
  Set<ApplicationId> grown() {
    return grown;
  }
}
