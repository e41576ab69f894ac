package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import java.sql.SQLException;
import java.time.Instant;

/// What happened to endpoints, between the events of tasks in the feed.
final class EndpointEvents {
  private static final String INSERT =
      "INSERT INTO endpoint_event (application_id, position, endpoint_id, type, standing, at)"
          + " VALUES (?, ?, ?, ?, ?, ?)";

  private EndpointEvents() {}

  /// Writes one, with the next place in the feed, whose head the batch has locked.
  static void insert(Batch batch, WebhookEndpoint endpoint, EventType type, Instant at)
      throws SQLException {
    batch.grows(endpoint.application());
    batch
        .sql(INSERT)
        .put(endpoint.application().value())
        .put(batch.heads().nextPosition(endpoint.application()))
        .put(endpoint.id().value())
        .put(type.wire())
        .put(EndpointRows.code(endpoint.standing()))
        .put(at)
        .update();
  }
}
