package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// What happened to endpoints, between the events of tasks in the feed.
final class EndpointEvents {
  private static final String INSERT =
      "INSERT INTO endpoint_event (application_id, position, endpoint_id, type, standing, at)"
          + " VALUES (?, ?, ?, ?, ?, ?)";
  private static final String AFTER =
      "SELECT position, standing, endpoint_id, type, at FROM endpoint_event"
          + " WHERE application_id = ? AND position > ? ORDER BY position LIMIT ?";

  private EndpointEvents() {}

  static void insert(Transaction transaction, WebhookEndpoint endpoint, EventType type, Instant at)
      throws SQLException {
    transaction
        .sql(INSERT)
        .put(endpoint.application().value())
        .put(transaction.nextPosition())
        .put(endpoint.id().value())
        .put(type.wire())
        .put(EndpointRows.code(endpoint.standing()))
        .put(at)
        .update();
  }

  static List<FeedItem> after(Session session, ApplicationId application, long after, int max)
      throws SQLException {
    return session
        .sql(AFTER)
        .put(application.value())
        .put(after)
        .put(max)
        .all(row ->
            new FeedItem.OfEndpoint(
                row.number(),
                EndpointRows.standing(row.integer()),
                new EndpointId(row.uuid()),
                EventType.ofWire(row.text()),
                row.time()));
  }
}
