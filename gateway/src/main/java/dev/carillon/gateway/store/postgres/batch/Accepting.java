package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.Task.Settlement;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState.Queued;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Decides all orders of a batch together and writes those that are taken in, each table with one
/// statement. What an order was before, by its key or its id, goes before any refusal.
final class Accepting {
  private static final String FIND_KEYS =
      "SELECT application_id, key, task_id, fingerprint FROM idempotency"
          + " WHERE (application_id, key) IN (SELECT * FROM unnest(?::uuid[], ?::text[]))";
  private static final String INSERT_KEYS =
      "INSERT INTO idempotency (application_id, key, task_id, fingerprint)"
          + " SELECT * FROM unnest(?::uuid[], ?::text[], ?::uuid[], ?::uuid[])";
  private static final String INSERT_OPEN =
      "INSERT INTO open_task (application_id, task_id, owner)"
          + " SELECT application_id, task_id, ? FROM unnest(?::uuid[], ?::uuid[])"
          + " AS v(application_id, task_id)";

  private final Batch batch;
  private final Session session;
  private final Batch.Given given;
  private final List<Accept> accepts;
  private final Map<Accept.Key, Known> known = new HashMap<>();
  private final Map<Accept.Key, Accept> taking = new HashMap<>();
  private final Map<TaskId, TaskRows.New> rows = new LinkedHashMap<>();
  private final Map<TaskId, Accept> fresh = new HashMap<>();

  /// Those that some other order, or an earlier task, decides.
  private final List<Accept> later = new ArrayList<>();

  private final Map<Accept, Accepted> refused = new LinkedHashMap<>();

  Accepting(Batch batch, Batch.Given given, List<Accept> accepts) {
    this.batch = batch;
    this.session = batch.session();
    this.given = given;
    this.accepts = accepts;
  }

  /// Looks for their keys with the session's next message, which has locked the feeds before:
  /// nobody adds one of theirs meanwhile.
  void find() {
    find(accepts, known);
  }

  void run() throws SQLException {
    if (accepts.isEmpty()) {
      return;
    }
    for (Accept accept : accepts) {
      Optional<Accept.Key> key = accept.key();
      boolean repeated =
          fresh.containsKey(accept.order().id())
              || key.map(name -> known.containsKey(name) || taking.containsKey(name)).orElse(false);
      if (repeated) {
        later.add(accept);
      } else {
        take(accept);
      }
    }
    writeKeys();
    writeTasks();
    answerRefused();
    answerLater();
  }

  /// Takes an order in as far as this batch alone can tell.
  private void take(Accept accept) {
    Order order = accept.order();
    Optional<Accepted> refusal = refusal(accept);
    if (refusal.isPresent()) {
      refused.put(accept, refusal.get());
      return;
    }
    OptionalLong held = batch.purses().hold(order.owner(), order.price());
    if (held.isEmpty()) {
      boolean overLimit = batch.purses().isOverLimit(order.owner(), order.price());
      refused.put(accept, overLimit ? new Accepted.OverLimit() : new Accepted.UsedUp());
      return;
    }
    ApplicationId application = order.owner().application();
    batch.heads().opened(application, order.service());
    long position = batch.heads().nextPosition(application);
    rows.put(order.id(), new TaskRows.New(order, position, held.getAsLong()));
    fresh.put(order.id(), accept);
    accept.key().ifPresent(key -> taking.put(key, accept));
  }

  private Optional<Accepted> refusal(Accept accept) {
    ApplicationId application = accept.order().owner().application();
    if (batch.heads().open(application) >= accept.room().application()) {
      return Optional.of(new Accepted.NoRoom(false));
    }
    if (batch.heads().open(application, accept.order().service()) >= accept.room().service()) {
      return Optional.of(new Accepted.NoRoom(true));
    }
    return Optional.empty();
  }

  /// A key that was there all the same fails the batch, and is found when that is run again.
  private void writeKeys() throws SQLException {
    List<Accept> keyed =
        taking.values().stream()
            .sorted(Comparator.comparing(accept -> accept.key().orElseThrow().key()))
            .toList();
    if (keyed.isEmpty()) {
      return;
    }
    session
        .sql(INSERT_KEYS)
        .ids(keyed, accept -> accept.key().orElseThrow().application())
        .texts(keyed, accept -> accept.key().orElseThrow().key())
        .ids(keyed, accept -> accept.order().id().value())
        .ids(keyed, accept -> accept.fingerprint().orElseThrow().value())
        .later();
  }

  private void writeTasks() throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    if (given.careful()) {
      Set<TaskId> written = TaskRows.insertNew(session, List.copyOf(rows.values()));
      for (Accept accept : List.copyOf(fresh.values())) {
        if (!written.contains(accept.order().id())) {
          giveUp(accept);
        }
      }
    } else {
      TaskRows.insert(session, List.copyOf(rows.values()));
    }
    List<TaskRows.New> taken = List.copyOf(rows.values());
    if (taken.isEmpty()) {
      return;
    }
    session
        .sql(INSERT_OPEN)
        .put(given.node())
        .ids(taken, row -> row.order().owner().application().value())
        .ids(taken, row -> row.order().id().value())
        .later();
    for (TaskRows.New row : taken) {
      Order order = row.order();
      long at = order.createdAt().toEpochMilli();
      Ledger.Amount held = Ledger.Amount.of(order.price(), row.fromInstance());
      batch.ledger().add(order, Ledger.HOLD, held, at);
      Task task = new Task(order, new Queued(), Settlement.HELD);
      fresh(order.id()).decide(new Accepted.Taken(task), true);
    }
  }

  private Accept fresh(TaskId id) {
    return Optional.ofNullable(fresh.get(id)).orElseThrow();
  }

  /// Undoes in memory what was decided on an order that was taken in before.
  private void giveUp(Accept accept) {
    Order order = accept.order();
    TaskRows.New row = rows.remove(order.id());
    fresh.remove(order.id());
    if (row != null) {
      batch.purses().release(order.owner(), order.price(), row.fromInstance());
      batch.heads().closed(order.owner().application(), order.service());
    }
    later.add(accept);
  }

  /// An order that was taken in before needs neither room nor money.
  private void answerRefused() throws SQLException {
    if (refused.isEmpty()) {
      return;
    }
    Map<TaskId, Task> tasks = tasks(refused.keySet());
    refused.forEach((accept, refusal) -> {
      Task before = tasks.get(accept.order().id());
      accept.decide(before == null ? refusal : new Accepted.Taken(before), false);
    });
  }

  private void answerLater() throws SQLException {
    if (later.isEmpty()) {
      return;
    }
    var keys = new HashMap<Accept.Key, Known>();
    find(later, keys);
    Map<TaskId, Task> tasks = tasks(later);
    for (Known one : keys.values()) {
      if (!tasks.containsKey(one.task)) {
        TaskRows.byId(session, one.task).ifPresent(task -> tasks.put(one.task, task));
      }
    }
    for (Accept accept : later) {
      accept.decide(before(accept, keys, tasks), false);
    }
  }

  private static Accepted before(
      Accept accept, Map<Accept.Key, Known> known, Map<TaskId, Task> tasks) {
    TaskId own = accept.order().id();
    Optional<Known> byKey = accept.key().flatMap(key -> Optional.ofNullable(known.get(key)));
    if (byKey.isPresent() && !accept.fingerprint().equals(Optional.of(byKey.get().fingerprint))) {
      return new Accepted.KeyReused();
    }
    TaskId id = byKey.map(Known::task).orElse(own);
    Task task = Optional.ofNullable(tasks.get(id)).orElseThrow();
    return id.equals(own) ? new Accepted.Taken(task) : new Accepted.Replayed(task);
  }

  private Map<TaskId, Task> tasks(Collection<Accept> of) throws SQLException {
    var tasks = new HashMap<TaskId, Task>();
    var ids = of.stream().map(accept -> accept.order().id()).toList();
    TaskRows.byIds(session, ids).forEach(task -> tasks.put(task.id(), task));
    return tasks;
  }

  private void find(List<Accept> of, Map<Accept.Key, Known> found) {
    List<Accept.Key> keys =
        of.stream().flatMap(accept -> accept.key().stream()).distinct().toList();
    if (!keys.isEmpty()) {
      session
          .sql(FIND_KEYS)
          .ids(keys, Accept.Key::application)
          .texts(keys, Accept.Key::key)
          .later(Known::read, one -> found.put(one.key, one));
    }
  }

  /// What stands behind a key.
  private record Known(Accept.Key key, TaskId task, Fingerprint fingerprint) {
    private static Known read(Row row) throws SQLException {
      return new Known(
          new Accept.Key(row.uuid(), row.text()),
          new TaskId(row.uuid()),
          new Fingerprint(row.uuid()));
    }
  }
}
