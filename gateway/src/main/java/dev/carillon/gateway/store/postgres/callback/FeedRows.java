package dev.carillon.gateway.store.postgres.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.FeedItem;
import dev.carillon.gateway.store.postgres.batch.EndpointRows;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Reads an application's feed: the events of its tasks and of its endpoints in the order of their
/// places, which is that of their commits.
final class FeedRows {
  /// Events are written about when they happened; where a node's clock is wrong or the database was
  /// away, some minutes before or after. A search by time steps back by this much and then looks at
  /// each.
  private static final Duration LATE = Duration.ofMinutes(10);

  /// One statement, so that both halves are read as of one moment: an event committed between two
  /// reads would be passed over.
  private static final String AFTER =
      "(SELECT position, task_id AS id, sequence, type, at, progress, -1 AS standing FROM event"
          + " WHERE application_id = ? AND position > ? ORDER BY position LIMIT ?)"
          + " UNION ALL (SELECT position, endpoint_id, 0, type, at, 0, standing FROM endpoint_event"
          + " WHERE application_id = ? AND position > ? ORDER BY position LIMIT ?)"
          + " ORDER BY position LIMIT ?";

  private static final String EVENTS =
      "SELECT position, task_id, sequence, type, at, progress FROM event"
          + " WHERE application_id = ? AND position > ? ORDER BY position LIMIT ?";
  private static final String FIRST_AT =
      "SELECT position, at FROM event"
          + " WHERE application_id = ? AND position > ? ORDER BY position LIMIT 1";
  private static final String LAST =
      "SELECT position FROM event WHERE application_id = ? ORDER BY position DESC LIMIT 1";
  private static final String FROM_TIME =
      "SELECT position FROM event"
          + " WHERE application_id = ? AND position > ? AND at >= ? ORDER BY position LIMIT 1";
  private static final String END = "SELECT position FROM head WHERE application_id = ?";

  private FeedRows() {}

  static List<FeedItem> after(Session session, ApplicationId application, long after, int max)
      throws SQLException {
    UUID id = application.value();
    List<Line> lines =
        session
            .sql(AFTER)
            .put(id)
            .put(after)
            .put(max)
            .put(id)
            .put(after)
            .put(max)
            .put(max)
            .all(Line::read);
    Map<TaskId, Task> tasks = tasks(session, lines);
    var items = new ArrayList<FeedItem>();
    for (Line line : lines) {
      if (line.standing >= 0) {
        items.add(line.ofEndpoint());
      } else {
        // One that was purged meanwhile is left out.
        Optional.ofNullable(tasks.get(new TaskId(line.id)))
            .ifPresent(task -> items.add(new FeedItem.OfTask(line.event(application), task)));
      }
    }
    return items;
  }

  private static Map<TaskId, Task> tasks(Session session, List<Line> lines) throws SQLException {
    var tasks = new HashMap<TaskId, Task>();
    List<TaskId> ids =
        lines.stream()
            .filter(line -> line.standing < 0)
            .map(line -> new TaskId(line.id))
            .distinct()
            .toList();
    if (!ids.isEmpty()) {
      TaskRows.byIds(session, ids).forEach(task -> tasks.put(task.id(), task));
    }
    return tasks;
  }

  /// The events of tasks after a place.
  static List<Event> events(Session session, ApplicationId application, long after, int max)
      throws SQLException {
    return session
        .sql(EVENTS)
        .put(application.value())
        .put(after)
        .put(max)
        .all(row -> {
          long position = row.number();
          var task = new TaskId(row.uuid());
          int sequence = row.integer();
          EventType type = EventType.ofWire(row.text());
          return new Event(position, task, application, sequence, type, row.time(), row.integer());
        });
  }

  /// The place given last; 0 before the first. Whoever has taken a later one has not committed, and
  /// holds the head until it has.
  static long end(Session session, ApplicationId application) throws SQLException {
    return session.sql(END).put(application.value()).one(Row::number).orElse(0L);
  }

  /// Halves the places until it stands shortly before the time, then looks at each event.
  static long before(Session session, ApplicationId application, Instant time) throws SQLException {
    long early = time.minus(LATE).toEpochMilli();
    long low = 0; // what stands up to here is older
    long last = session.sql(LAST).put(application.value()).one(Row::number).orElse(0L);
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

  private record Place(long position, long at) {}

  /// @param id of the task or endpoint
  /// @param standing of the endpoint; below 0 for an event of a task
  private record Line(
      long position,
      UUID id,
      int sequence,
      EventType type,
      Instant at,
      int progress,
      int standing) {
    private static Line read(Row row) throws SQLException {
      return new Line(
          row.number(),
          row.uuid(),
          row.integer(),
          EventType.ofWire(row.text()),
          row.time(),
          row.integer(),
          row.integer());
    }

    private Event event(ApplicationId application) {
      return new Event(position, new TaskId(id), application, sequence, type, at, progress);
    }

    private FeedItem ofEndpoint() {
      return new FeedItem.OfEndpoint(
          position, EndpointRows.standing(standing), new EndpointId(id), type, at);
    }
  }
}
