package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.TaskQuery;
import dev.carillon.gateway.store.VideoQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads of tasks: from memory where they are recent, else by an index. None of them grows with the
/// table, but for filters by type, which pass over the rows of other types.
final class TaskReads {
  private static final int MOST_IDS = 1_000;
  private static final int SHORT = 2;
  private static final String BY_TRACE =
      TaskRows.selectBy("task_by_trace")
          + " WHERE application_id = ? AND trace_id = ? AND service = ? ORDER BY task.position DESC LIMIT 1";
  private static final String IS_VIDEO = "instr(request, '\"" + VideoQuery.FIELD + "\"') > 0";
  private static final String HELD =
      "SELECT coalesce(sum(amount), 0) FROM task INDEXED BY task_open JOIN ledger"
          + " ON ledger.task_id = task.id AND ledger.kind = 1 WHERE state < 10";

  private final Readers readers;
  private final HotTasks hot;
  private final OpenTasks open;

  TaskReads(Readers readers, HotTasks hot, OpenTasks open) {
    this.readers = readers;
    this.hot = hot;
    this.open = open;
  }

  Optional<Task> find(TaskId id) {
    Optional<Task> recent = hot.find(id);
    return recent.isPresent() ? recent : readers.shortly(session -> read(session, id));
  }

  private Optional<Task> read(Session session, TaskId id) throws SQLException {
    Optional<Task> row = TaskRows.byId(session, id);
    row.filter(task -> task.state().isFinal()).ifPresent(hot::addEnded);
    return row.map(open::overlay);
  }

  Optional<Task> findByTrace(ApplicationId application, String service, String traceId) {
    return readers
        .shortly(session ->
            session
                .sql(BY_TRACE)
                .put(application.value())
                .put(traceId)
                .put(service)
                .one(TaskRows::read))
        .map(open::overlay);
  }

  List<Task> findAll(ApplicationId application, Collection<TaskId> ids) {
    if (ids.size() > MOST_IDS) {
      throw new IllegalArgumentException("at most " + MOST_IDS + " ids, not " + ids.size());
    }
    var found = new ArrayList<Task>(ids.size());
    var missing = new ArrayList<TaskId>();
    for (TaskId id : ids) {
      hot.find(id).ifPresentOrElse(found::add, () -> missing.add(id));
    }
    if (!missing.isEmpty()) {
      Readers.Read<List<Task>> read = session -> readEach(session, missing);
      found.addAll(missing.size() > SHORT ? readers.atLength(read) : readers.shortly(read));
    }
    found.removeIf(task -> !task.order().owner().application().equals(application));
    return found;
  }

  private List<Task> readEach(Session session, List<TaskId> ids) throws SQLException {
    var found = new ArrayList<Task>(ids.size());
    for (TaskId id : ids) {
      read(session, id).ifPresent(found::add);
    }
    return found;
  }

  List<Task> list(TaskQuery query) {
    String text =
        TaskRows.selectBy(index(query)) + where(query) + " ORDER BY task.id DESC LIMIT ? OFFSET ?";
    List<Task> rows =
        readers.atLength(session ->
            put(session.sql(text), query)
                .put(query.limit())
                .put(query.offset())
                .all(TaskRows::read));
    return rows.stream().map(open::overlay).toList();
  }

  List<Task> videos(VideoQuery query) {
    String text =
        TaskRows.selectBy("task_video")
            + " WHERE application_id = ? AND "
            + IS_VIDEO
            + (query.service().isPresent() ? " AND service = ?" : "")
            + (query.after().isPresent()
                ? " AND task.id " + (query.oldestFirst() ? ">" : "<") + " ?"
                : "")
            + " ORDER BY task.id"
            + (query.oldestFirst() ? "" : " DESC")
            + " LIMIT ?";
    List<Task> rows =
        readers.atLength(session -> {
          Sql sql = session.sql(text).put(query.application().value());
          if (query.service().isPresent()) {
            sql.put(query.service().get());
          }
          if (query.after().isPresent()) {
            sql.put(query.after().get().value());
          }
          return sql.put(query.limit()).all(TaskRows::read);
        });
    return rows.stream().map(open::overlay).toList();
  }

  List<Task> oldestOpen(ApplicationId application, Optional<String> service, int max) {
    String text =
        TaskRows.selectBy("task_open")
            + " WHERE application_id = ? AND state < 10"
            + (service.isPresent() ? " AND service = ?" : "")
            + " ORDER BY task.id LIMIT ?";
    List<Task> rows =
        readers.atLength(session -> {
          Sql sql = session.sql(text).put(application.value());
          if (service.isPresent()) {
            sql.put(service.get());
          }
          return sql.put(max).all(TaskRows::read);
        });
    return rows.stream().map(open::overlay).toList();
  }

  int count(TaskQuery query, int bound) {
    String text =
        "SELECT count(*) FROM (SELECT 1 FROM task INDEXED BY "
            + index(query)
            + where(query)
            + " LIMIT ?)";
    return readers.atLength(
        session -> put(session.sql(text), query).put(bound).one(Row::integer).orElse(0));
  }

  /// Open tasks have an index of their own, so that counting them does not pass over all that
  /// ended.
  private static String index(TaskQuery query) {
    if (query.open().orElse(false)) {
      return "task_open";
    }
    return query.service().isPresent() ? "task_by_service" : "task_by_application";
  }

  /// The filters; [#put] gives their parameters in the same order.
  private static String where(TaskQuery query) {
    var where = new StringBuilder(" WHERE application_id = ?");
    query.service().ifPresent(_ -> where.append(" AND service = ?"));
    query.type().ifPresent(_ -> where.append(" AND type = ?"));
    query.open().ifPresent(only -> where.append(only ? " AND state < 10" : " AND state >= 10"));
    query.createdMin().ifPresent(_ -> where.append(" AND task.id >= ?"));
    query.createdMax().ifPresent(_ -> where.append(" AND task.id < ?"));
    query.before().ifPresent(_ -> where.append(" AND task.id < ?"));
    return where.toString();
  }

  private static Sql put(Sql sql, TaskQuery query) throws SQLException {
    sql.put(query.application().value());
    if (query.service().isPresent()) {
      sql.put(query.service().get());
    }
    if (query.type().isPresent()) {
      sql.put(query.type().get());
    }
    if (query.createdMin().isPresent()) {
      sql.put(floor(query.createdMin().get().toEpochMilli()));
    }
    if (query.createdMax().isPresent()) {
      sql.put(floor(query.createdMax().get().toEpochMilli() + 1));
    }
    if (query.before().isPresent()) {
      sql.put(query.before().get().value());
    }
    return sql;
  }

  /// The range of times an id can hold is smaller than that of an `Instant`.
  private static UUID floor(long epochMillis) {
    return Ids.floorOf(Math.clamp(epochMillis, 0, (1L << 48) - 1));
  }

  List<Event> events(TaskId id, int after, int max) {
    return readers.atLength(session -> EventRows.after(session, id, after, max));
  }

  Money held() {
    return new Money(readers.atLength(session -> session.sql(HELD).one(Row::number)).orElse(0L));
  }
}
