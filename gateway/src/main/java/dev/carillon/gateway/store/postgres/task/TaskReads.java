package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Ids;
import dev.carillon.gateway.domain.Money;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.Tombstone;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore.TaskQuery;
import dev.carillon.gateway.store.VideoQuery;
import dev.carillon.gateway.store.postgres.batch.Events;
import dev.carillon.gateway.store.postgres.batch.Heads;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.sql.Database;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Reads of tasks: from memory where they ended lately, else by an index. None of them grows with
/// the table, but for filters by type, which pass over the rows of other types.
public final class TaskReads {
  private static final int MOST_IDS = 1_000;
  private static final String SELECT = "SELECT " + TaskRows.COLUMNS + " FROM task";
  private static final String BY_TRACE =
      SELECT
          + " WHERE application_id = ? AND trace_id = ? AND service = ?"
          + " ORDER BY position DESC LIMIT 1";
  private static final String BY_KEY =
      SELECT
          + " JOIN idempotency ON task.id = idempotency.task_id"
          + " AND task.application_id = idempotency.application_id"
          + " WHERE idempotency.application_id = ? AND idempotency.key = ?";
  private static final String TOMBSTONE =
      "SELECT at FROM tombstone WHERE task_id = ? AND application_id = ?";
  private static final String OPEN = "SELECT coalesce(sum(open), 0) FROM head";
  private static final String OPEN_OF = "SELECT open_tasks FROM head WHERE application_id = ?";
  private static final String IS_VIDEO = "strpos(task.request, '\"" + VideoQuery.FIELD + "\"') > 0";
  private static final String HELD =
      "SELECT coalesce(sum(price), 0) FROM open_task JOIN task ON task.id = open_task.task_id"
          + " AND task.application_id = open_task.application_id";

  private static final String OLDEST_OPEN =
      "SELECT "
          + TaskRows.COLUMNS
          + " FROM open_task JOIN task ON task.id = open_task.task_id"
          + " AND task.application_id = open_task.application_id WHERE open_task.application_id = ?";

  /// Open tasks have a table of their own, so that looking for them does not pass over all that
  /// ended.
  private static final String IS_OPEN =
      " AND EXISTS (SELECT 1 FROM open_task WHERE open_task.application_id = task.application_id"
          + " AND open_task.task_id = task.id)";

  private final Database database;
  private final Lookups lookups;
  private final HotTasks hot;
  private final OpenTasks open;

  TaskReads(Database database, HotTasks hot, OpenTasks open) {
    this.database = database;
    this.lookups = new Lookups(database);
    this.hot = hot;
    this.open = open;
  }

  Optional<Task> find(TaskId id) {
    Optional<Task> recent = hot.find(id);
    return recent.isPresent() ? recent : lookups.find(id).map(found -> seen(found.task()));
  }

  /// As its row says now, whatever memory holds.
  Optional<Task> row(TaskId id) {
    return lookups.find(id).map(found -> open.overlay(found.task()));
  }

  /// The task of a claim, where that is the latest.
  Optional<Task> current(Claim claim) {
    return lookups
        .find(claim.task().id(), claim.task().order().owner().application())
        .filter(found -> found.fence() == claim.fence())
        .map(found -> open.overlay(found.task()));
  }

  private Task seen(Task row) {
    if (row.state().isFinal()) {
      hot.addEnded(row);
      return row;
    }
    return open.overlay(row);
  }

  Optional<Task> findByTrace(ApplicationId application, String service, String traceId) {
    return database
        .read(session ->
            session
                .sql(BY_TRACE)
                .put(application.value())
                .put(traceId)
                .put(service)
                .one(TaskRows::read))
        .map(open::overlay);
  }

  Optional<Task> findByKey(ApplicationId application, IdempotencyKey key) {
    return database
        .read(session ->
            session.sql(BY_KEY).put(application.value()).put(key.value()).one(TaskRows::read))
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
      database
          .read(session -> TaskRows.byIds(session, missing))
          .forEach(row -> found.add(seen(row)));
    }
    found.removeIf(task -> !task.order().owner().application().equals(application));
    return found;
  }

  List<Task> list(TaskQuery query) {
    String text = SELECT + where(query) + " ORDER BY task.id DESC LIMIT ? OFFSET ?";
    List<Task> rows =
        database.read(session ->
            put(session.sql(text), query)
                .put(query.limit())
                .put(query.offset())
                .all(TaskRows::read));
    return rows.stream().map(open::overlay).toList();
  }

  List<Task> videos(VideoQuery query) {
    String text =
        SELECT
            + " WHERE task.application_id = ? AND "
            + IS_VIDEO
            + (query.service().isPresent() ? " AND task.service = ?" : "")
            + (query.after().isPresent()
                ? " AND task.id " + (query.oldestFirst() ? ">" : "<") + " ?"
                : "")
            + " ORDER BY task.id"
            + (query.oldestFirst() ? "" : " DESC")
            + " LIMIT ?";
    List<Task> rows =
        database.read(session -> {
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
        OLDEST_OPEN
            + (service.isPresent() ? " AND task.service = ?" : "")
            + " ORDER BY open_task.task_id LIMIT ?";
    List<Task> rows =
        database.read(session -> {
          Sql sql = session.sql(text).put(application.value());
          if (service.isPresent()) {
            sql.put(service.get());
          }
          return sql.put(max).all(TaskRows::read);
        });
    return rows.stream().map(open::overlay).toList();
  }

  int count(TaskQuery query, int bound) {
    String text = "SELECT count(*) FROM (SELECT 1 FROM task" + where(query) + " LIMIT ?) AS found";
    return database.read(
        session -> put(session.sql(text), query).put(bound).one(Row::integer).orElse(0));
  }

  /// The filters; [#put] gives their parameters in the same order.
  private static String where(TaskQuery query) {
    var where = new StringBuilder(" WHERE task.application_id = ?");
    query.service().ifPresent(_ -> where.append(" AND task.service = ?"));
    query.type().ifPresent(_ -> where.append(" AND task.type = ?"));
    query.open().ifPresent(only -> where.append(only ? IS_OPEN : " AND task.state >= 10"));
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
    return database.read(session -> Events.after(session, id, after, max));
  }

  Optional<Tombstone> tombstone(TaskId id, ApplicationId application) {
    return database.read(session ->
        session
            .sql(TOMBSTONE)
            .put(id.value())
            .put(application.value())
            .one(row -> new Tombstone(id, application, row.time())));
  }

  /// How many tasks are open, over all nodes.
  int openTasks() {
    return database.read(session -> session.sql(OPEN).one(Row::integer)).orElse(0);
  }

  /// How many tasks of an application are open, by service.
  Map<String, Integer> openTasks(ApplicationId application) {
    return database
        .read(session -> session.sql(OPEN_OF).put(application.value()).one(Row::text))
        .map(Heads::counts)
        .orElse(Map.of());
  }

  /// The sum of the prices of open tasks, over all applications.
  public static Money held(Session session) throws SQLException {
    return new Money(session.sql(HELD).one(Row::number).orElse(0L));
  }
}
