package dev.carillon.gateway.store.sqlite;

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
import dev.carillon.gateway.store.queue.DispatchReader.Page;
import dev.carillon.gateway.store.queue.Wish;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Reads deliveries that wait for an attempt, by the index that has each destination's in the order
/// of their due times. Nothing here grows with what waits for other destinations.
final class DueRows {
  private static final int MOST_AT_ONCE = 256;

  private static final String COUNT = "SELECT count(*) FROM delivery WHERE state = 0";

  private static final String NEXT_DESTINATION =
      "SELECT application_id, destination, next_at FROM delivery INDEXED BY delivery_due"
          + " WHERE state = 0 AND (application_id, destination) > (?, ?)"
          + " ORDER BY application_id, destination, next_at LIMIT 1";
  private static final String DUE =
      "SELECT id, task_id, sequence, endpoint_id, attempts, failures, since, copy FROM delivery"
          + " INDEXED BY delivery_due WHERE state = 0 AND application_id = ? AND destination = ?"
          + " AND next_at <= ? ORDER BY next_at, id LIMIT ?";
  private static final String COMING =
      "SELECT id, next_at FROM delivery INDEXED BY delivery_due WHERE state = 0"
          + " AND application_id = ? AND destination = ? AND next_at > ? ORDER BY next_at LIMIT ?";

  private static final String LATER =
      "SELECT application_id, destination, next_at, id FROM delivery INDEXED BY delivery_due"
          + " WHERE state = 0 AND (application_id, destination, next_at, id) > (?, ?, ?, ?)"
          + " AND next_at > ? ORDER BY application_id, destination, next_at, id LIMIT ?";
  private static final String MOVE =
      "UPDATE delivery SET next_at = max(?, next_at - ?) WHERE id = ? AND state = 0";

  private DueRows() {}

  /// Where a delivery stands in the index.
  record Place(UUID application, String destination, long at, UUID id) {
    static final Place FIRST = new Place(new UUID(0, 0), "", Long.MIN_VALUE, new UUID(0, 0));

    private static Place read(Row row) throws SQLException {
      return new Place(row.uuid(), row.text(), row.number(), row.uuid());
    }
  }

  /// Makes some that wait due sooner, along the index, where what is moved falls behind: so nothing
  /// is met twice.
  ///
  /// @return the last of those it moved; empty when there were none
  static Optional<Place> bringForward(Transaction transaction, Place after, long now, long by)
      throws SQLException {
    List<Place> found =
        transaction
            .sql(LATER)
            .put(after.application)
            .put(after.destination)
            .put(after.at)
            .put(after.id)
            .put(now)
            .put(MOST_AT_ONCE)
            .all(Place::read);
    for (Place place : found) {
      transaction.sql(MOVE).put(now).put(by).put(place.id).update();
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast());
  }

  static long count(Session session) throws SQLException {
    return session.sql(COUNT).one(Row::number).orElse(0L);
  }

  /// Every destination that something waits for, and when the first of it is due. It steps from one
  /// to the next by the index, so it takes as long as there are destinations, not deliveries.
  static Map<Destination, Long> destinations(Session session) throws SQLException {
    var found = new HashMap<Destination, Long>();
    var application = new UUID(0, 0);
    String key = "";
    while (true) {
      Optional<Waiting> next =
          session
              .sql(NEXT_DESTINATION)
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

  /// What is due for one destination.
  static Page page(Session session, Wish wish, EndpointBook book) throws SQLException {
    Destination to = wish.destination();
    int most = Math.min(wish.max(), MOST_AT_ONCE);
    int limit = most + wish.leave().size();
    List<Due> rows =
        session
            .sql(DUE)
            .put(to.application().value())
            .put(to.key())
            .put(wish.now())
            .put(limit)
            .all(Due::read);
    var found = new ArrayList<Dispatch>();
    for (Due row : rows) {
      if (found.size() < most && !wish.leave().contains(row.id)) {
        row.dispatch(session, to, book).ifPresent(found::add);
      }
    }
    if (rows.size() == limit) {
      return Page.until(found, wish.now());
    }
    List<Page.Coming> coming =
        session
            .sql(COMING)
            .put(to.application().value())
            .put(to.key())
            .put(wish.now())
            .put(Page.COMING)
            .all(row -> new Page.Coming(new DeliveryId(row.uuid()), row.number()));
    return Page.before(found, coming);
  }

  private record Due(
      DeliveryId id,
      TaskId task,
      int sequence,
      Optional<EndpointId> endpoint,
      Dispatch.Tries tries) {
    private static Due read(Row row) throws SQLException {
      return new Due(
          new DeliveryId(row.uuid()),
          new TaskId(row.uuid()),
          row.integer(),
          row.maybeUuid().map(EndpointId::new),
          new Dispatch.Tries(1 + row.integer(), row.integer(), row.time(), row.integer()));
    }

    /// The right to try it; empty when what it tells of, or its endpoint, is gone.
    private Optional<Dispatch> dispatch(Session session, Destination from, EndpointBook book)
        throws SQLException {
      Optional<Task> ofTask = TaskRows.byId(session, task);
      List<Event> events = EventRows.after(session, task, sequence - 1, 1);
      Optional<WebhookEndpoint> to =
          endpoint.isPresent()
              ? book.find(session, endpoint.get(), from.application())
              : Optional.empty();
      Optional<CallbackUrl> url =
          endpoint.isPresent()
              ? to.map(WebhookEndpoint::url)
              : ofTask.flatMap(found -> found.order().callbackUrl());
      if (ofTask.isEmpty() || events.isEmpty() || url.isEmpty()) {
        return Optional.empty();
      }
      Event event = events.getFirst();
      Task told = ofTask.get().asOf(event);
      return Optional.of(new Dispatch(id, from, to, url.get(), event, told, tries));
    }
  }
}
