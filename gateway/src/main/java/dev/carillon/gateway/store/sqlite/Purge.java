package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.TaskId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Removes ended tasks with their events and deliveries. Ledger rows stay.
final class Purge extends Verb<Integer> {
  static final int AT_ONCE = 200;

  private static final int PAGE = 1_000;
  private static final String SCAN =
      "SELECT position, id, created_at, state, changed_at,"
          + " EXISTS (SELECT 1 FROM delivery WHERE task_id = task.id AND delivery.state = 0)"
          + " FROM task WHERE position > ? ORDER BY position LIMIT ?";

  private static final String PENDING =
      "SELECT EXISTS (SELECT 1 FROM delivery WHERE task_id = ? AND state = 0)";

  private final Memory memory;
  private final List<TaskId> tasks;

  Purge(Memory memory, List<TaskId> tasks) {
    this.memory = memory;
    this.tasks = tasks;
  }

  /// Finds tasks that ended before a time and whose callbacks wait for no attempt. It walks from
  /// the oldest task on and stops where all are newer than that time, so it stays near the start.
  static List<TaskId> find(Session session, Instant endedBefore, int max) throws SQLException {
    var found = new ArrayList<TaskId>();
    long last = 0;
    while (true) {
      List<Candidate> page = session.sql(SCAN).put(last).put(PAGE).all(Candidate::read);
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
    for (TaskId task : tasks) {
      if (transaction.sql(PENDING).put(task.value()).one(Row::flag).orElse(false)) {
        continue;
      }
      delete(transaction, "DELETE FROM event WHERE task_id = ?", task);
      delete(transaction, "DELETE FROM attempt WHERE task_id = ?", task);
      delete(transaction, "DELETE FROM delivery WHERE task_id = ?", task);
      delete(
          transaction,
          "DELETE FROM answer WHERE position = (SELECT position FROM task WHERE id = ?)",
          task);
      removed += delete(transaction, "DELETE FROM task WHERE id = ? AND state >= 10", task);
    }
    return removed;
  }

  private static int delete(Transaction transaction, String text, TaskId task) throws SQLException {
    return transaction.sql(text).put(task.value()).update();
  }

  @Override
  void committed(Integer removed) {
    tasks.forEach(task -> memory.hot().remove(task));
  }

  /// @param ended true when it has ended and nothing waits
  private record Candidate(
      long position, TaskId id, long createdAt, boolean ended, long finishedAt) {
    private static Candidate read(Row row) throws SQLException {
      long position = row.number();
      var id = new TaskId(row.uuid());
      long createdAt = row.number();
      int state = row.integer();
      long finishedAt = row.number();
      boolean pending = row.flag();
      return new Candidate(
          position, id, createdAt, state >= StateColumns.ENDED && !pending, finishedAt);
    }
  }
}
