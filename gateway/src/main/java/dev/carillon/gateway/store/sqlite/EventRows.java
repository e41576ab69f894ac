package dev.carillon.gateway.store.sqlite;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The events of one task in their table. The accepting one is not there: the task's own row says
/// all of it, its place in the feed included.
record EventRows(TaskId task, ApplicationId application) {
  private static final String INSERT =
      "INSERT INTO event (task_id, application_id, position, sequence, type, at, progress)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?)";
  private static final String ACCEPTED =
      "SELECT application_id, position, created_at FROM task WHERE id = ?";
  private static final String AFTER =
      "SELECT application_id, position, sequence, type, at, progress FROM event"
          + " WHERE task_id = ? AND sequence > ? ORDER BY sequence LIMIT ?";

  Event insert(Transaction transaction, int sequence, EventType type, Instant at, int progress)
      throws SQLException {
    long position = transaction.nextPosition();
    transaction
        .sql(INSERT)
        .put(task.value())
        .put(application.value())
        .put(position)
        .put(sequence)
        .put(type.wire())
        .put(at)
        .put(progress)
        .update();
    return new Event(position, task, application, sequence, type, at, progress);
  }

  static List<Event> after(Session session, TaskId task, int after, int max) throws SQLException {
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
