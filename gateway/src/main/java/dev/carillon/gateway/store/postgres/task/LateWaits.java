package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.store.postgres.batch.Act;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.TaskRows;
import dev.carillon.gateway.store.postgres.batch.Verb;
import dev.carillon.gateway.store.postgres.sql.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/// Expired tasks whose late result is waited for, in their table, each by one node. Whoever changes
/// a row there has locked its task.
final class LateWaits {
  private static final String INSERT =
      "INSERT INTO late_wait (application_id, task_id, owner) VALUES (?, ?, ?)";
  private static final String OF_CLAIM =
      " FROM task WHERE task.id = ? AND task.application_id = ? AND task.fence = ?"
          + " AND late_wait.task_id = task.id AND late_wait.application_id = task.application_id";
  private static final String DELETE =
      "DELETE FROM late_wait USING" + OF_CLAIM.substring(" FROM".length());
  private static final String NOTE_UPSTREAM =
      "UPDATE task SET upstream_ref = nullif(?, '') FROM late_wait"
          + OF_CLAIM.substring(" FROM task".length())
          + " AND task.state = 13";

  private static final String OF_THE_DEAD =
      " NOT EXISTS (SELECT 1 FROM node WHERE node.id = late_wait.owner"
          + " AND lease_until > clock_timestamp())";

  private static final String FIND =
      "SELECT task_id, application_id FROM late_wait WHERE"
          + OF_THE_DEAD
          + " ORDER BY task_id LIMIT ?";

  /// Tasks that somebody else is taking over are passed by.
  private static final String LOCK =
      "SELECT id, application_id FROM task JOIN unnest(?::uuid[], ?::uuid[]) AS v(task_id, of_id)"
          + " ON id = v.task_id AND application_id = v.of_id WHERE state = 13"
          + " ORDER BY id FOR UPDATE OF task SKIP LOCKED";

  /// The owner is looked at again under the lock.
  private static final String TAKE_OVER =
      "UPDATE late_wait SET owner = ? FROM unnest(?::uuid[], ?::uuid[]) AS v(id, of_id)"
          + " WHERE task_id = v.id AND application_id = v.of_id AND"
          + OF_THE_DEAD
          + " RETURNING task_id, application_id";

  private static final String CLAIM =
      "UPDATE task SET fence = fence + 1, attempt = attempt + 1"
          + " FROM unnest(?::uuid[], ?::uuid[]) AS v(task_id, of_id)"
          + " WHERE id = v.task_id AND application_id = v.of_id RETURNING "
          + TaskRows.COLUMNS
          + ", task.fence, task.attempt, task.upstream_ref";

  private LateWaits() {}

  static void insert(Batch batch, Order order, UUID node) throws SQLException {
    batch
        .sql(INSERT)
        .put(order.owner().application().value())
        .put(order.id().value())
        .put(node)
        .later();
  }

  /// Notes the provider's own job id. False when nobody waits under this claim.
  static boolean noteUpstream(Batch batch, Claim claim, String ref) throws SQLException {
    Order order = claim.task().order();
    return batch
            .sql(NOTE_UPSTREAM)
            .put(ref)
            .put(order.id().value())
            .put(order.owner().application().value())
            .put(claim.fence())
            .update()
        > 0;
  }

  /// Nobody waits under this claim any longer.
  static Verb<Integer> end(Claim claim) {
    Order order = claim.task().order();
    return new Act<>(
        needs -> needs.late(order.id(), order.owner().application()),
        batch ->
            batch
                .sql(DELETE)
                .put(order.id().value())
                .put(order.owner().application().value())
                .put(claim.fence())
                .update(),
        _ -> {});
  }

  /// Takes over what dead nodes waited for, with a greater fence and one attempt more.
  static Verb<List<Claim>> claim(UUID node, int max) {
    return new Act<>(batch -> claim(batch, node, max));
  }

  private static List<Claim> claim(Batch batch, UUID node, int max) throws SQLException {
    List<Key> left = batch.sql(FIND).put(max).all(Key::read);
    if (left.isEmpty()) {
      return List.of();
    }
    List<Key> locked =
        batch.sql(LOCK).ids(left, Key::task).ids(left, Key::application).all(Key::read);
    List<Key> taken =
        batch
            .sql(TAKE_OVER)
            .put(node)
            .ids(locked, Key::task)
            .ids(locked, Key::application)
            .all(Key::read);
    var claims =
        new ArrayList<>(
            batch
                .sql(CLAIM)
                .ids(taken, Key::task)
                .ids(taken, Key::application)
                .all(TaskRows::readClaim));
    claims.sort(Comparator.comparing(claim -> claim.task().id().value()));
    return claims;
  }

  private record Key(UUID task, UUID application) {
    private static Key read(Row row) throws SQLException {
      return new Key(row.uuid(), row.uuid());
    }
  }
}
