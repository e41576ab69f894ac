package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.CallbackUrl;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.Destination;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Makes the deliveries of a batch's events, in its transaction: one to the task's own
/// `callback_url` when it ended, one to each registered endpoint that hears of it.
public final class Deliveries {
  private static final String INSERT =
      "INSERT INTO delivery (id, application_id, task_id, endpoint_id, sequence, destination, since,"
          + " next_at, created_at, changed_at, state, attempts, failures, copy)"
          + " SELECT id, application_id, task_id, endpoint_id, sequence, destination, at, at, at, at,"
          + " 0, 0, 0, 0 FROM unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::int[],"
          + " ?::text[], ?::bigint[])"
          + " AS v(id, application_id, task_id, endpoint_id, sequence, destination, at)";
  private static final String INSERT_DUE =
      "INSERT INTO delivery_due (owner, attempts, delivery_id, application_id, destination, next_at)"
          + " SELECT ?, 0, made.* FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[]) AS made";

  /// What an endpoint was still to hear of a task's earlier progress: the newest says all.
  private static final String SUPERSEDE =
      "WITH dropped AS (DELETE FROM delivery_due AS due USING delivery, event,"
          + " unnest(?::uuid[], ?::uuid[]) AS v(task_id, endpoint_id)"
          + " WHERE delivery.task_id = v.task_id AND delivery.endpoint_id = v.endpoint_id"
          + " AND event.task_id = delivery.task_id AND event.application_id = delivery.application_id"
          + " AND event.sequence = delivery.sequence AND event.type = 'task.progressed'"
          + " AND due.application_id = delivery.application_id AND due.delivery_id = delivery.id"
          + " RETURNING due.application_id, due.delivery_id),"
          + " listed AS (INSERT INTO delivery_failed (application_id, state, delivery_id)"
          + " SELECT application_id, 5, delivery_id FROM dropped ON CONFLICT DO NOTHING)"
          + " UPDATE delivery SET state = 5, changed_at = ? FROM dropped"
          + " WHERE delivery.id = dropped.delivery_id"
          + " AND delivery.application_id = dropped.application_id";

  private final UUID node;
  private final InstantSource clock;
  private final Ids ids;
  private final Map<ApplicationId, List<WebhookEndpoint>> endpoints = new HashMap<>();
  private final List<New> made = new ArrayList<>();
  private final List<Dispatch> dispatches = new ArrayList<>();
  private final Set<Destination> unread = new HashSet<>();
  private final List<New> superseding = new ArrayList<>();

  /// @param node owns what is made
  Deliveries(UUID node, InstantSource clock, Ids ids) {
    this.node = node;
    this.clock = clock;
    this.ids = ids;
  }

  /// A delivery that is being made.
  ///
  /// @param destination the queue it stands in
  public record New(
      DeliveryId id,
      Event event,
      Optional<EndpointId> endpoint,
      Destination destination,
      Instant at) {}

  /// Reads with the session's next message which endpoints there are.
  void load(Session session, Collection<ApplicationId> applications) {
    if (!applications.isEmpty()) {
      EndpointRows.of(
          session,
          applications,
          endpoint ->
              endpoints
                  .computeIfAbsent(endpoint.application(), _ -> new ArrayList<>())
                  .add(endpoint));
    }
  }

  private List<WebhookEndpoint> hearing(Event event) {
    return endpoints.getOrDefault(event.application(), List.of()).stream()
        .filter(endpoint -> endpoint.hears(event.type()))
        .toList();
  }

  /// Tells of an event that ended a task. What is made is handed over in memory after the commit,
  /// so nothing is read for it.
  void ended(Task task, Event event) {
    Instant now = StateColumns.millis(clock.instant());
    task.order()
        .callbackUrl()
        .ifPresent(url ->
            dispatch(
                made(
                    event,
                    Optional.empty(),
                    new Destination(event.application(), url.origin()),
                    now),
                Optional.empty(),
                url,
                task));
    for (WebhookEndpoint endpoint : hearing(event)) {
      dispatch(
          made(event, Optional.of(endpoint.id()), endpoint.destination(), now),
          Optional.of(endpoint),
          endpoint.url(),
          task);
    }
  }

  private void dispatch(
      New delivery, Optional<WebhookEndpoint> endpoint, CallbackUrl url, Task task) {
    dispatches.add(
        new Dispatch(
            delivery.id,
            delivery.destination,
            endpoint,
            url,
            delivery.event,
            task,
            Dispatch.Tries.first(delivery.at)));
  }

  /// Tells of an event of a task that goes on.
  void underWay(Event event) {
    Instant now = clock.instant();
    for (WebhookEndpoint endpoint : hearing(event)) {
      New delivery = add(event, Optional.of(endpoint.id()), endpoint.destination(), now);
      if (event.type() == EventType.TASK_PROGRESSED) {
        superseding.add(delivery);
      }
    }
  }

  /// Tells the task's own `callback_url` of a step.
  void step(Event event, CallbackUrl url) {
    var _ =
        add(
            event,
            Optional.empty(),
            new Destination(event.application(), url.origin()),
            clock.instant());
  }

  /// Adds a delivery that is due now.
  public New add(Event event, Optional<EndpointId> endpoint, Destination destination, Instant now) {
    New delivery = made(event, endpoint, destination, now);
    unread.add(destination);
    return delivery;
  }

  private New made(
      Event event, Optional<EndpointId> endpoint, Destination destination, Instant now) {
    var delivery = new New(new DeliveryId(ids.next()), event, endpoint, destination, now);
    made.add(delivery);
    return delivery;
  }

  /// The queues that deliveries were added to which stand only in the database.
  Set<Destination> destinations() {
    return unread;
  }

  /// The deliveries that need not be read.
  List<Dispatch> dispatches() {
    return dispatches;
  }

  void write(Session session) throws SQLException {
    if (!superseding.isEmpty()) {
      session
          .sql(SUPERSEDE)
          .ids(superseding, delivery -> delivery.event.task().value())
          .maybeIds(superseding, delivery -> delivery.endpoint.map(EndpointId::value))
          .put(superseding.getFirst().event.at())
          .later();
    }
    if (made.isEmpty()) {
      return;
    }
    session
        .sql(INSERT)
        .ids(made, delivery -> delivery.id.value())
        .ids(made, delivery -> delivery.event.application().value())
        .ids(made, delivery -> delivery.event.task().value())
        .maybeIds(made, delivery -> delivery.endpoint.map(EndpointId::value))
        .numbers(made, delivery -> delivery.event.sequence())
        .texts(made, delivery -> delivery.destination.key())
        .times(made, New::at)
        .later();
    session
        .sql(INSERT_DUE)
        .put(node)
        .ids(made, delivery -> delivery.id.value())
        .ids(made, delivery -> delivery.event.application().value())
        .texts(made, delivery -> delivery.destination.key())
        .times(made, New::at)
        .later();
  }
}
