package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.TaskId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Removes ended tasks with their events and deliveries. Ledger rows stay.
final class Purge extends Verb<Integer> {
  static final int AT_ONCE = 200;

  private static final int PAGE = 1_000;
  private static final String SCAN =
      "SELECT position, id, created_at, state, changed_at,"
          + " EXISTS (SELECT 1 FROM delivery WHERE task_id = task.id AND delivery.state = 0"
          + " AND delivery.created_at > ?), keep_for IS NOT NULL"
          + " FROM task WHERE position > ? ORDER BY position LIMIT ?";

  /// Those with a time of their own.
  private static final String OVERDUE =
      "SELECT id FROM task INDEXED BY task_keep WHERE keep_for IS NOT NULL AND state >= 10"
          + " AND changed_at + keep_for < ? AND NOT EXISTS"
          + " (SELECT 1 FROM delivery WHERE task_id = task.id AND delivery.state = 0"
          + " AND delivery.created_at > ?)"
          + " ORDER BY changed_at + keep_for LIMIT ?";

  private static final String PENDING =
      "SELECT count(*), coalesce(max(created_at), 0) FROM delivery WHERE task_id = ? AND state = 0";

  /// How much longer than others a task is kept at most because a delivery waits: a receiver that
  /// is switched off for good must not keep its tasks for ever.
  private static final Duration LONGEST_HOLD = Duration.ofDays(30);

  private final Memory memory;
  private final List<TaskId> tasks;
  private final long heldSince;
  private final Instant now;
  private int dropped;

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
    Sql overdue = session.sql(OVERDUE).put(now).put(heldSince(endedBefore)).put(max);
    var found = new ArrayList<>(overdue.all(row -> new TaskId(row.uuid())));
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
    long last = 0;
    while (true) {
      List<Candidate> page =
          session.sql(SCAN).put(heldSince(endedBefore)).put(last).put(PAGE).all(Candidate::read);
      for (Candidate candidate : page) {
        if (candidate.ended && candidate.finishedAt < endedBefore.toEpochMilli()) {
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
      last = page.getLast().position;
    }
  }

  @Override
  Integer run(Transaction transaction) throws SQLException {
    int removed = 0;
    dropped = 0;
    for (TaskId task : tasks) {
      Waiting waiting = waiting(transaction, task);
      if (waiting.count > 0 && waiting.newest > heldSince) {
        continue;
      }
      dropped += waiting.count;
      LateWaits.delete(transaction, task);
      Tombstones.insert(transaction, task, now);
      delete(transaction, IdempotencyRows.DELETE, task);
      delete(transaction, "DELETE FROM event WHERE task_id = ?", task);
      delete(
          transaction,
          "DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE task_id = ?)",
          task);
      delete(transaction, "DELETE FROM delivery WHERE task_id = ?", task);
      delete(
          transaction,
          "DELETE FROM answer WHERE position = (SELECT position FROM task WHERE id = ?)",
          task);
      removed += delete(transaction, "DELETE FROM task WHERE id = ? AND state >= 10", task);
    }
    return removed;
  }

  private static Waiting waiting(Transaction transaction, TaskId task) throws SQLException {
    return transaction
        .sql(PENDING)
        .put(task.value())
        .one(row -> new Waiting(row.integer(), row.number()))
        .orElse(new Waiting(0, 0));
  }

  private record Waiting(int count, long newest) {}

  private static int delete(Transaction transaction, String text, TaskId task) throws SQLException {
    return transaction.sql(text).put(task.value()).update();
  }

  @Override
  void committed(Integer removed) {
    tasks.forEach(task -> memory.hot().remove(task));
    memory.dispatches().done(dropped);
  }

  /// @param ended true when it has ended on the usual terms and nothing waits
  private record Candidate(
      long position, TaskId id, long createdAt, boolean ended, long finishedAt) {
    private static Candidate read(Row row) throws SQLException {
      long position = row.number();
      var id = new TaskId(row.uuid());
      long createdAt = row.number();
      int state = row.integer();
      long finishedAt = row.number();
      boolean pending = row.flag();
      boolean otherTerms = row.flag();
      boolean ended = state >= StateColumns.ENDED && !pending && !otherTerms;
      return new Candidate(position, id, createdAt, ended, finishedAt);
    }
  }
}
