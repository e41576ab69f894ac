package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.FeedItem;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads an application's feed: the events of its tasks and of its endpoints in the order of their
/// places.
final class FeedRows {
  /// Events are written about when they happened; after a full disk some minutes later. A search by
  /// time steps back by this much and then looks at each.
  private static final Duration LATE = Duration.ofMinutes(10);

  private static final String EVENTS =
      "SELECT position, task_id, sequence, type, at, progress FROM event INDEXED BY event_feed"
          + " WHERE application_id = ? AND position > ? ORDER BY position LIMIT ?";
  private static final String FIRST_AT =
      "SELECT position, at FROM event INDEXED BY event_feed"
          + " WHERE application_id = ? AND position > ? ORDER BY position LIMIT 1";
  private static final String LAST =
      "SELECT position FROM event INDEXED BY event_feed WHERE application_id = ?"
          + " ORDER BY position DESC LIMIT 1";
  private static final String FROM_TIME =
      "SELECT position FROM event INDEXED BY event_feed"
          + " WHERE application_id = ? AND position > ? AND at >= ? ORDER BY position LIMIT 1";
  private static final String RESERVED = "SELECT reserved FROM counter WHERE name = 'position'";

  private FeedRows() {}

  static List<FeedItem> after(Session session, ApplicationId application, long after, int max)
      throws SQLException {
    List<Event> events = events(session, application, after, max);
    // Past the last event read there may be more, which must not be overtaken.
    long end = events.size() == max ? events.getLast().position() : Long.MAX_VALUE;
    var items = new ArrayList<FeedItem>(EndpointEvents.after(session, application, after, max));
    items.removeIf(item -> item.position() > end);
    var tasks = new HashMap<TaskId, Optional<Task>>();
    for (Event event : events) {
      task(session, event.task(), tasks)
          .ifPresent(task -> items.add(new FeedItem.OfTask(event, task)));
    }
    items.sort(Comparator.comparingLong(FeedItem::position));
    return items.size() <= max ? items : List.copyOf(items.subList(0, max));
  }

  /// The events of tasks after a place.
  static List<Event> events(Session session, ApplicationId application, long after, int max)
      throws SQLException {
    return session
        .sql(EVENTS)
        .put(application.value())
        .put(after)
        .put(max)
        .all(row -> event(row, application));
  }

  private static Optional<Task> task(Session session, TaskId id, Map<TaskId, Optional<Task>> known)
      throws SQLException {
    Optional<Task> task = known.get(id);
    if (task == null) {
      task = TaskRows.byId(session, id);
      known.put(id, task);
    }
    return task;
  }

  /// The end of the places that were reserved: none beyond was ever given.
  static long reserved(Session session) throws SQLException {
    return session.sql(RESERVED).one(Row::number).orElse(0L);
  }

  /// Halves the places until it stands shortly before the time, then looks at each event.
  static long before(Session session, ApplicationId application, Instant time) throws SQLException {
    long early = time.minus(LATE).toEpochMilli();
    long low = 0; // what stands up to here is older
    long last = last(session, application);
    long high = last;
    while (low < high) {
      long middle = low + (high - low) / 2;
      Optional<Place> first =
          session
              .sql(FIRST_AT)
              .put(application.value())
              .put(middle)
              .one(row -> new Place(row.number(), row.number()));
      if (first.isPresent() && first.get().at < early) {
        low = first.get().position;
      } else {
        high = middle;
      }
    }
    return session
        .sql(FROM_TIME)
        .put(application.value())
        .put(low)
        .put(time)
        .one(Row::number)
        .map(first -> first - 1)
        .orElse(last);
  }

  /// The place of an application's last event; 0 when there is none.
  static long last(Session session, ApplicationId application) throws SQLException {
    return session.sql(LAST).put(application.value()).one(Row::number).orElse(0L);
  }

  private record Place(long position, long at) {}

  private static Event event(Row row, ApplicationId application) throws SQLException {
    long position = row.number();
    var task = new TaskId(row.uuid());
    int sequence = row.integer();
    EventType type = EventType.ofWire(row.text());
    return new Event(position, task, application, sequence, type, row.time(), row.integer());
  }
}
