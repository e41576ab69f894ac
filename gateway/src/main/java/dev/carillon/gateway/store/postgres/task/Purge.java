package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.store.postgres.batch.Batch;
import dev.carillon.gateway.store.postgres.batch.Verb;
import dev.carillon.gateway.store.postgres.sql.Row;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Removes ended tasks with their events and deliveries, a few hundred in a transaction. Ledger
/// rows stay.
final class Purge extends Verb<Integer> {
  static final int AT_ONCE = 200;

  private static final int PAGE = 1_000;
  private static final UUID FIRST = new UUID(0, 0);
  private static final String HELD_BY_DELIVERY =
      "EXISTS (SELECT 1 FROM delivery WHERE delivery.task_id = task.id AND delivery.state = 0"
          + " AND delivery.created_at > ?)";
  private static final String SCAN =
      "SELECT id, created_at, state >= 10 AND keep_for IS NULL AND NOT "
          + HELD_BY_DELIVERY
          + ", changed_at FROM task WHERE id > ? ORDER BY id LIMIT ?";

  /// Those with a time of their own.
  private static final String OVERDUE =
      "SELECT task.id FROM kept_task JOIN task ON task.id = kept_task.task_id"
          + " AND task.application_id = kept_task.application_id"
          + " WHERE kept_task.until < ? AND NOT "
          + HELD_BY_DELIVERY
          + " ORDER BY kept_task.until LIMIT ?";

  private static final String LOCK =
      "SELECT id FROM task WHERE id = ANY(?) AND state >= 10 AND NOT "
          + HELD_BY_DELIVERY
          + " ORDER BY id FOR UPDATE";
  private static final String BURY =
      "INSERT INTO tombstone (task_id, application_id, at)"
          + " SELECT id, application_id, ? FROM task WHERE id = ANY(?) ON CONFLICT DO NOTHING";
  private static final List<String> DELETE =
      List.of(
          "DELETE FROM idempotency USING task WHERE task.id = ANY(?)"
              + " AND idempotency.application_id = task.application_id"
              + " AND idempotency.key = task.idempotency_key",
          "DELETE FROM attempt USING delivery WHERE delivery.task_id = ANY(?)"
              + " AND attempt.delivery_id = delivery.id"
              + " AND attempt.application_id = delivery.application_id",
          "DELETE FROM delivery_due USING delivery WHERE delivery.task_id = ANY(?)"
              + " AND delivery_due.delivery_id = delivery.id"
              + " AND delivery_due.application_id = delivery.application_id",
          "DELETE FROM delivery_failed USING delivery WHERE delivery.task_id = ANY(?)"
              + " AND delivery_failed.delivery_id = delivery.id"
              + " AND delivery_failed.application_id = delivery.application_id",
          "DELETE FROM delivery WHERE task_id = ANY(?)",
          "DELETE FROM event WHERE task_id = ANY(?)",
          "DELETE FROM kept_task USING task WHERE task.id = ANY(?)"
              + " AND kept_task.application_id = task.application_id"
              + " AND kept_task.task_id = task.id",
          "DELETE FROM late_wait USING task WHERE task.id = ANY(?)"
              + " AND late_wait.application_id = task.application_id"
              + " AND late_wait.task_id = task.id",
          "DELETE FROM task WHERE id = ANY(?)");
  private static final String FORGET =
      "DELETE FROM tombstone WHERE (task_id, application_id) IN"
          + " (SELECT task_id, application_id FROM tombstone WHERE at < ? ORDER BY at LIMIT ?)";

  /// How much longer than others a task is kept at most because a delivery waits: a receiver that
  /// is switched off for good must not keep its tasks for ever.
  private static final Duration LONGEST_HOLD = Duration.ofDays(30);

  private final Memory memory;
  private final List<TaskId> tasks;
  private final long heldSince;
  private final Instant now;

  /// @param endedBefore when the youngest of the tasks ended
  Purge(Memory memory, List<TaskId> tasks, Instant endedBefore, Instant now) {
    this.memory = memory;
    this.tasks = tasks;
    this.heldSince = heldSince(endedBefore);
    this.now = now;
  }

  private static long heldSince(Instant endedBefore) {
    return endedBefore.minus(LONGEST_HOLD).toEpochMilli();
  }

  /// Finds tasks whose own time to be kept is over, then those on the usual terms.
  static List<TaskId> find(Session session, Instant endedBefore, Instant now, int max)
      throws SQLException {
    var found =
        new ArrayList<>(
            session
                .sql(OVERDUE)
                .put(now)
                .put(heldSince(endedBefore))
                .put(max)
                .all(row -> new TaskId(row.uuid())));
    if (found.size() < max) {
      found.addAll(usual(session, endedBefore, max - found.size()));
    }
    return found;
  }

  /// Finds tasks on the usual terms that ended before a time and whose callbacks wait for no
  /// attempt. It walks from the oldest task on and stops where all are newer than that time, so it
  /// stays near the start.
  private static List<TaskId> usual(Session session, Instant endedBefore, int max)
      throws SQLException {
    var found = new ArrayList<TaskId>();
    UUID last = FIRST;
    while (true) {
      List<Candidate> page =
          session.sql(SCAN).put(heldSince(endedBefore)).put(last).put(PAGE).all(Candidate::read);
      for (Candidate candidate : page) {
        if (candidate.removable && candidate.changedAt < endedBefore.toEpochMilli()) {
          found.add(candidate.id);
        }
        if (found.size() >= max) {
          return found;
        }
      }
      boolean allNewer =
          page.stream().allMatch(task -> task.createdAt >= endedBefore.toEpochMilli());
      if (page.size() < PAGE || allNewer) {
        return found;
      }
      last = page.getLast().id.value();
    }
  }

  static int forgetTombstones(Batch batch, Instant before, int max) throws SQLException {
    return batch.sql(FORGET).put(before).put(max).update();
  }

  @Override
  protected Integer run(Batch batch) throws SQLException {
    List<UUID> ids =
        batch
            .sql(LOCK)
            .putIds(tasks.stream().map(TaskId::value).toList())
            .put(heldSince)
            .all(Row::uuid);
    if (ids.isEmpty()) {
      return 0;
    }
    batch.sql(BURY).put(now).putIds(ids).update();
    int removed = 0;
    for (String delete : DELETE) {
      removed = batch.sql(delete).putIds(ids).update();
    }
    return removed;
  }

  @Override
  protected void committed(Integer removed) {
    tasks.forEach(task -> memory.hot().remove(task));
  }

  /// @param removable when it has ended on the usual terms and nothing waits
  private record Candidate(TaskId id, long createdAt, boolean removable, long changedAt) {
    private static Candidate read(Row row) throws SQLException {
      return new Candidate(new TaskId(row.uuid()), row.number(), row.flag(), row.number());
    }
  }
}
