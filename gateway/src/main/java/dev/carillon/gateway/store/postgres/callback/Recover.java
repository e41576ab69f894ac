package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Sends an endpoint what it missed of a few events.
record Recover(UUID node, WebhookEndpoint endpoint, List<Event> events, Instant now) {
  private static final String DELIVERIES =
      "SELECT task_id, sequence, id, state FROM delivery WHERE task_id = ANY (?)"
          + " AND endpoint_id = ? AND application_id = ?";

  /// How many of these events the endpoint should have heard of and did not.
  int missed(Session session) throws SQLException {
    return missing(session).size();
  }

  /// To be run under the application's head, so that the endpoint is not deleted meanwhile: what
  /// was made for it then would wait for ever.
  int run(Batch batch) throws SQLException {
    Session session = batch.session();
    Optional<WebhookEndpoint> there =
        EndpointRows.find(session, endpoint.id(), endpoint.application());
    if (there.isEmpty()) {
      return 0;
    }
    var again = new ArrayList<UUID>();
    List<Missing> missing = missing(session);
    for (Missing one : missing) {
      one.delivery.ifPresentOrElse(
          again::add,
          () -> {
            var _ =
                batch
                    .deliveries()
                    .add(one.event, Optional.of(endpoint.id()), endpoint.destination(), now);
          });
    }
    if (!again.isEmpty()) {
      var _ = new Redeliver(node, endpoint.application(), now).run(session, again, false);
    }
    return missing.size();
  }

  /// Progress is over once it is missed: only what began or ended a task is sent again.
  private List<Missing> missing(Session session) throws SQLException {
    List<Event> heard =
        events.stream()
            .filter(
                event -> endpoint.hears(event.type()) && event.type() != EventType.TASK_PROGRESSED)
            .toList();
    Map<Of, Known> known = known(session, heard);
    var missing = new ArrayList<Missing>();
    for (Event event : heard) {
      Known delivery = known.get(new Of(event.task(), event.sequence()));
      if (delivery == null) {
        missing.add(new Missing(event, Optional.empty()));
      } else if (delivery.state != DeliveryCodes.DELIVERED) {
        missing.add(new Missing(event, Optional.of(delivery.id)));
      }
    }
    return missing;
  }

  private Map<Of, Known> known(Session session, List<Event> heard) throws SQLException {
    var known = new HashMap<Of, Known>();
    session
        .sql(DELIVERIES)
        .putIds(heard.stream().map(event -> event.task().value()).distinct().toList())
        .put(endpoint.id().value())
        .put(endpoint.application().value())
        .all(row ->
            known.put(
                new Of(new TaskId(row.uuid()), row.integer()),
                new Known(row.uuid(), row.integer())));
    return known;
  }

  private record Of(TaskId task, int sequence) {}

  private record Known(UUID id, int state) {}

  private record Missing(Event event, Optional<UUID> delivery) {}
}
