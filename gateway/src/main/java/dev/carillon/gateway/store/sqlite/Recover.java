package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.callback.DeliveryId;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sends an endpoint what it missed of a few events.
final class Recover extends Verb<Integer> {
  private static final String DELIVERY =
      "SELECT id, state FROM delivery WHERE task_id = ? AND sequence = ? AND endpoint_id = ?";

  private final Memory memory;
  private final FanOut fanOut;
  private final WebhookEndpoint endpoint;
  private final List<Event> events;
  private final Instant now;
  private int more;

  Recover(Memory memory, FanOut fanOut, WebhookEndpoint endpoint, List<Event> events, Instant now) {
    this.memory = memory;
    this.fanOut = fanOut;
    this.endpoint = endpoint;
    this.events = events;
    this.now = now;
  }

  /// How many of these events the endpoint should have heard of and did not.
  static int missed(Session session, WebhookEndpoint endpoint, List<Event> events)
      throws SQLException {
    int missed = 0;
    for (Event event : events) {
      missed += isMissed(event, endpoint, known(session, event, endpoint)) ? 1 : 0;
    }
    return missed;
  }

  /// Progress is over once it is missed: only what began or ended a task is sent again.
  private static boolean isMissed(Event event, WebhookEndpoint endpoint, Optional<Known> known) {
    return endpoint.hears(event.type())
        && event.type() != EventType.TASK_PROGRESSED
        && known.filter(delivery -> delivery.state == DeliveryRows.DELIVERED).isEmpty();
  }

  private static Optional<Known> known(Session session, Event event, WebhookEndpoint endpoint)
      throws SQLException {
    return session
        .sql(DELIVERY)
        .put(event.task().value())
        .put(event.sequence())
        .put(endpoint.id().value())
        .one(row -> new Known(new DeliveryId(row.uuid()), row.integer()));
  }

  private record Known(DeliveryId id, int state) {}

  @Override
  Integer run(Transaction transaction) throws SQLException {
    more = 0;
    int sent = 0;
    if (isDeleted(transaction)) {
      return 0;
    }
    for (Event event : events) {
      Optional<Known> known = known(transaction.session(), event, endpoint);
      if (!isMissed(event, endpoint, known)) {
        continue;
      }
      sent++;
      if (known.isEmpty()) {
        fanOut.missed(transaction, event, endpoint, now);
        more++;
      } else {
        var key = new DeliveryRows.Key(endpoint.application(), known.get().id);
        var _ = DeliveryRows.again(transaction.session(), key, false, now);
        more += known.get().state == DeliveryRows.PENDING ? 0 : 1;
      }
    }
    return sent;
  }

  /// What is made for a deleted endpoint would wait for ever.
  private boolean isDeleted(Transaction transaction) throws SQLException {
    return transaction.endpoints().of(transaction.session(), endpoint.application()).stream()
        .noneMatch(one -> one.id().equals(endpoint.id()));
  }

  @Override
  void committed(Integer sent) {
    if (sent > 0) {
      memory.dispatches().due(endpoint.destination(), now.toEpochMilli(), more);
    }
  }
}
