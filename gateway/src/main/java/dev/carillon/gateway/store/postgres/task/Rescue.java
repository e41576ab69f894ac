package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.batch.Verb;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import dev.carillon.gateway.store.postgres.sql.Sql;
import dev.carillon.gateway.store.postgres.task.Doubts.Left;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Takes tasks over that a dead node left open, or that this node owns without its knowing, with a
/// greater fence and one attempt more. What another node is taking over is passed by.
final class Rescue extends Verb<List<Claim>> {
  private static final String DEAD_ONES =
      "SELECT task_id, application_id FROM open_task WHERE owner = ANY(?) ORDER BY task_id LIMIT ?";
  private static final String NEWEST =
      "SELECT "
          + TaskRows.COLUMNS
          + " FROM open_task JOIN task ON task.id = open_task.task_id"
          + " AND task.application_id = open_task.application_id WHERE open_task.owner = ANY(?)"
          + " ORDER BY open_task.task_id DESC LIMIT ?";

  /// Whoever ends a task locks its row first and then the open one; so does this.
  private static final String LOCK =
      "SELECT id, application_id FROM task JOIN unnest(?::uuid[], ?::uuid[]) AS v(task_id, of_id)"
          + " ON id = v.task_id AND application_id = v.of_id WHERE state < 10"
          + " ORDER BY id FOR UPDATE OF task SKIP LOCKED";

  /// The owner is looked at again under the lock.
  private static final String TAKE_OVER =
      "UPDATE open_task SET owner = ? FROM unnest(?::uuid[], ?::uuid[]) AS v(id, of_id)"
          + " WHERE task_id = v.id AND application_id = v.of_id"
          + " AND (owner = ? OR EXISTS (SELECT 1 FROM node WHERE node.id = open_task.owner"
          + " AND lease_until <= clock_timestamp()))"
          + " RETURNING task_id, application_id";

  private static final String CLAIM =
      "UPDATE task SET fence = fence + 1, attempt = attempt + 1"
          + " FROM unnest(?::uuid[], ?::uuid[]) AS v(task_id, of_id)"
          + " WHERE id = v.task_id AND application_id = v.of_id RETURNING "
          + TaskRows.COLUMNS
          + ", task.fence, task.attempt, task.upstream_ref";

  private static final UUID NOBODY = new UUID(0, 0);

  private final Memory memory;
  private final List<Left> left;
  private final boolean own;

  /// @param own whether they are this node's own
  Rescue(Memory memory, List<Left> left, boolean own) {
    this.memory = memory;
    this.left = left;
    this.own = own;
  }

  /// The oldest that dead nodes left.
  static List<Left> find(Session session, List<UUID> dead, int max) throws SQLException {
    return session.sql(DEAD_ONES).putIds(dead).put(max).all(Rescue::readLeft);
  }

  /// The newest of them, as tasks.
  static List<Task> newest(Session session, List<UUID> dead, int max) throws SQLException {
    return session.sql(NEWEST).putIds(dead).put(max).all(TaskRows::read);
  }

  private static Left readLeft(Row row) throws SQLException {
    return new Left(new TaskId(row.uuid()), new ApplicationId(row.uuid()));
  }

  @Override
  protected List<Claim> run(Batch batch) throws SQLException {
    List<Left> locked = keys(batch.sql(LOCK), left).all(Rescue::readLeft);
    UUID me = memory.node().id();
    List<Left> taken =
        keys(batch.sql(TAKE_OVER).put(me), locked).put(own ? me : NOBODY).all(Rescue::readLeft);
    return inOrder(keys(batch.sql(CLAIM), taken).all(TaskRows::readClaim));
  }

  private static Sql keys(Sql sql, List<Left> tasks) {
    return sql.ids(tasks, task -> task.id().value()).ids(tasks, task -> task.application().value());
  }

  private List<Claim> inOrder(List<Claim> claims) {
    Map<TaskId, Claim> byId = new HashMap<>();
    claims.forEach(claim -> byId.put(claim.task().id(), claim));
    var ordered = new ArrayList<Claim>(claims.size());
    for (Left task : left) {
      Claim claim = byId.get(task.id());
      if (claim != null) {
        ordered.add(claim);
      }
    }
    return ordered;
  }

  @Override
  protected void committed(List<Claim> claims) {
    memory.rescued(claims);
  }
}
