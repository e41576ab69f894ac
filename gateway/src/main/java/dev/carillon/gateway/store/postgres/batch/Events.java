package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The events of tasks in their table. The accepting one is not there: the task's own row says all
/// of it, its place in the feed included.
public final class Events {
  private static final String INSERT =
      "INSERT INTO event (task_id, application_id, position, at, sequence, progress, type)"
          + " SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::int[],"
          + " ?::smallint[], ?::text[])";
  private static final String ACCEPTED =
      "SELECT application_id, position, created_at FROM task WHERE id = ?";
  private static final String AFTER =
      "SELECT application_id, position, sequence, type, at, progress FROM event"
          + " WHERE task_id = ? AND sequence > ? ORDER BY sequence LIMIT ?";

  private Events() {}

  static void insert(Session session, List<Event> events) throws SQLException {
    if (!events.isEmpty()) {
      session
          .sql(INSERT)
          .ids(events, event -> event.task().value())
          .ids(events, event -> event.application().value())
          .numbers(events, Event::position)
          .times(events, Event::at)
          .numbers(events, Event::sequence)
          .numbers(events, Event::progress)
          .texts(events, event -> event.type().wire())
          .later();
    }
  }

  public static List<Event> after(Session session, TaskId task, int after, int max)
      throws SQLException {
    var events = new ArrayList<Event>();
    if (after < 1 && max > 0) {
      Optional<Event> accepted =
          session.sql(ACCEPTED).put(task.value()).one(row -> accepted(task, row));
      if (accepted.isEmpty()) {
        return events;
      }
      events.add(accepted.get());
    }
    events.addAll(
        session
            .sql(AFTER)
            .put(task.value())
            .put(after)
            .put(max - events.size())
            .all(row -> read(task, row)));
    return events;
  }

  private static Event accepted(TaskId task, Row row) throws SQLException {
    var application = new ApplicationId(row.uuid());
    return new Event(row.number(), task, application, 1, EventType.TASK_ACCEPTED, row.time(), 0);
  }

  private static Event read(TaskId task, Row row) throws SQLException {
    var application = new ApplicationId(row.uuid());
    return new Event(
        row.number(),
        task,
        application,
        row.integer(),
        EventType.ofWire(row.text()),
        row.time(),
        row.integer());
  }
}
