package dev.carillon.gateway.store.postgres.batch;

import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.postgres.sql.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// Ended tasks that have a time of their own to be kept, in a table beside theirs: what looks for
/// them would otherwise need an index on columns that change with every task.
public final class KeptTasks {
  private static final String PUT =
      "INSERT INTO kept_task (application_id, task_id, until)"
          + " SELECT * FROM unnest(?::uuid[], ?::uuid[], ?::bigint[])"
          + " ON CONFLICT (application_id, task_id) DO UPDATE SET until = excluded.until";

  private KeptTasks() {}

  static void write(Session session, List<LockedTask> ended) throws SQLException {
    List<LockedTask> own = ended.stream().filter(task -> task.keepFor().isPresent()).toList();
    if (!own.isEmpty()) {
      session
          .sql(PUT)
          .ids(own, task -> task.application().value())
          .ids(own, task -> task.id().value())
          .numbers(
              own,
              task -> task.changedAt().toEpochMilli() + task.keepFor().orElseThrow().toMillis())
          .later();
    }
  }

  /// Sets until when an ended task is kept.
  public static void put(Session session, ApplicationId application, TaskId id, Instant until)
      throws SQLException {
    session
        .sql(PUT)
        .putIds(List.of(application.value()))
        .putIds(List.of(id.value()))
        .putNumbers(List.of(until.toEpochMilli()))
        .later();
  }
}
