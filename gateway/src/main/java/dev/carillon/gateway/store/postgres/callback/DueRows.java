package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import dev.carillon.gateway.store.queue.DispatchReader.Page;
import dev.carillon.gateway.store.queue.Wish;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Reads the deliveries of one node that wait for an attempt, by the index that has each
/// destination's in the order of their due times. Nothing here grows with what waits for other
/// destinations or nodes.
final class DueRows {
  private static final int MOST_AT_ONCE = 256;

  private static final String NEXT_DESTINATION =
      "SELECT application_id, destination, next_at FROM delivery_due WHERE owner = ?"
          + " AND (application_id, destination) > (?, ?)"
          + " ORDER BY application_id, destination, next_at LIMIT 1";
  private static final String DUE =
      "SELECT due.delivery_id, d.task_id, d.sequence, d.endpoint_id, d.attempts, d.failures, d.since,"
          + " d.copy, e.position, e.type, e.at, e.progress FROM (SELECT application_id, delivery_id,"
          + " next_at FROM delivery_due WHERE owner = ? AND application_id = ? AND destination = ?"
          + " AND next_at <= ? ORDER BY next_at, delivery_id LIMIT ?) AS due"
          + " LEFT JOIN delivery d ON d.id = due.delivery_id AND d.application_id = due.application_id"
          + " LEFT JOIN event e ON e.task_id = d.task_id AND e.application_id = d.application_id"
          + " AND e.sequence = d.sequence ORDER BY due.next_at, due.delivery_id";
  private static final String COMING =
      "SELECT delivery_id, next_at FROM delivery_due WHERE owner = ? AND application_id = ?"
          + " AND destination = ? AND next_at > ? ORDER BY next_at LIMIT ?";

  private DueRows() {}

  /// Every destination that something of a node waits for, and when the first of it is due. It
  /// steps from one to the next by the index, so it takes as long as there are destinations, not
  /// deliveries.
  static Map<Destination, Long> destinations(Session session, UUID owner) throws SQLException {
    var found = new HashMap<Destination, Long>();
    var application = new UUID(0, 0);
    String key = "";
    while (true) {
      Optional<Waiting> next =
          session
              .sql(NEXT_DESTINATION)
              .put(owner)
              .put(application)
              .put(key)
              .one(row -> new Waiting(row.uuid(), row.text(), row.number()));
      if (next.isEmpty()) {
        return found;
      }
      application = next.get().application;
      key = next.get().key;
      found.put(new Destination(new ApplicationId(application), key), next.get().dueAt);
    }
  }

  private record Waiting(UUID application, String key, long dueAt) {}

  /// What of a node's is due for one destination.
  static Part page(Session session, UUID owner, Wish wish) throws SQLException {
    Destination to = wish.destination();
    int most = Math.min(wish.max(), MOST_AT_ONCE);
    int limit = most + wish.leave().size();
    var rows = new ArrayList<Due>();
    part(session.sql(DUE), owner, wish).put(limit).later(Due::read, rows::add);
    var coming = new ArrayList<Page.Coming>();
    part(session.sql(COMING), owner, wish).put(Page.COMING).later(DueRows::coming, coming::add);
    session.send();
    List<Due> wanted =
        rows.stream().filter(row -> !wish.leave().contains(row.id)).limit(most).toList();
    Found found = found(session, to, wanted);
    Page page =
        rows.size() < limit
            ? Page.before(found.dispatches, coming)
            : Page.until(found.dispatches, wish.now());
    return new Part(page, found.orphans);
  }

  private static Sql part(Sql sql, UUID owner, Wish wish) {
    Destination of = wish.destination();
    return sql.put(owner).put(of.application().value()).put(of.key()).put(wish.now());
  }

  private static Page.Coming coming(Row row) throws SQLException {
    return new Page.Coming(new DeliveryId(row.uuid()), row.number());
  }

  private static Found found(Session session, Destination to, List<Due> wanted)
      throws SQLException {
    if (wanted.isEmpty()) {
      return new Found(List.of(), List.of());
    }
    var tasks = new HashMap<TaskId, Task>();
    TaskRows.byIds(session, wanted.stream().flatMap(row -> row.task.stream()).distinct().toList())
        .forEach(task -> tasks.put(task.id(), task));
    var endpoints = new HashMap<EndpointId, WebhookEndpoint>();
    if (wanted.stream().anyMatch(row -> row.endpoint.isPresent())) {
      EndpointRows.of(session, to.application())
          .forEach(endpoint -> endpoints.put(endpoint.id(), endpoint));
    }
    var dispatches = new ArrayList<Dispatch>();
    var orphans = new ArrayList<DeliveryId>();
    for (Due row : wanted) {
      row.dispatch(to, tasks, endpoints)
          .ifPresentOrElse(dispatches::add, () -> orphans.add(row.id));
    }
    return new Found(dispatches, orphans);
  }

  /// A part of what is due.
  ///
  /// @param orphans what tells of a task, or goes to an endpoint, that is gone
  record Part(Page page, List<DeliveryId> orphans) {}

  private record Found(List<Dispatch> dispatches, List<DeliveryId> orphans) {}

  /// @param happened the event; empty for one that has no row of its own
  private record Due(
      DeliveryId id,
      Optional<TaskId> task,
      int sequence,
      Optional<EndpointId> endpoint,
      Dispatch.Tries tries,
      Optional<Happened> happened) {
    private static Due read(Row row) throws SQLException {
      return new Due(
          new DeliveryId(row.uuid()),
          row.maybeUuid().map(TaskId::new),
          row.integer(),
          row.maybeUuid().map(EndpointId::new),
          new Dispatch.Tries(1 + row.integer(), row.integer(), row.time(), row.integer()),
          Happened.read(row));
    }

    /// The right to try it; empty when what it tells of, or its endpoint, is gone.
    private Optional<Dispatch> dispatch(
        Destination from, Map<TaskId, Task> tasks, Map<EndpointId, WebhookEndpoint> endpoints) {
      Optional<Task> ofTask = task.map(tasks::get);
      Optional<WebhookEndpoint> to = endpoint.map(endpoints::get);
      Optional<CallbackUrl> url =
          endpoint.isPresent()
              ? to.map(WebhookEndpoint::url)
              : ofTask.flatMap(found -> found.order().callbackUrl());
      if (ofTask.isEmpty() || url.isEmpty()) {
        return Optional.empty();
      }
      Happened what = happened.orElseGet(() -> Happened.accepted(ofTask.get()));
      var event =
          new Event(
              what.position,
              ofTask.get().id(),
              from.application(),
              sequence,
              what.type,
              what.at,
              what.progress);
      Task told = ofTask.get().asOf(event);
      return Optional.of(new Dispatch(id, from, to, url.get(), event, told, tries));
    }
  }

  private record Happened(long position, EventType type, Instant at, int progress) {
    private static Optional<Happened> read(Row row) throws SQLException {
      Optional<Long> position = row.maybeNumber();
      Optional<String> type = row.maybeText();
      Instant at = row.time();
      int progress = row.integer();
      return position.isPresent() && type.isPresent()
          ? Optional.of(new Happened(position.get(), EventType.ofWire(type.get()), at, progress))
          : Optional.empty();
    }

    private static Happened accepted(Task task) {
      return new Happened(0, EventType.TASK_ACCEPTED, task.order().createdAt(), 0);
    }
  }
}
