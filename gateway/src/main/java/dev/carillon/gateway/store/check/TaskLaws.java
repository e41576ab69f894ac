package dev.carillon.gateway.store.check;

import java.util.List;

/// The laws of tasks, their events and their callbacks. A delivery in state 0 waits for an attempt.
final class TaskLaws {
  private static final String PLACES =
      "SELECT application_id, position FROM task UNION ALL SELECT application_id, position FROM event"
          + " UNION ALL SELECT application_id, position FROM endpoint_event";

  static final List<Law> ALL =
      List.of(
          new Law(
              "owner-known",
              "a task belongs to an application of its account",
              "SELECT task.id FROM task LEFT JOIN application ON application.id = task.application_id"
                  + " AND application.account_id = task.account_id WHERE application.id IS NULL"),
          new Law(
              "account-known",
              "an application belongs to an account",
              "SELECT application.id FROM application LEFT JOIN account"
                  + " ON account.id = application.account_id WHERE account.id IS NULL"),
          new Law(
              "state",
              "a state is one of those there are, and an open task has a time to end by",
              "SELECT id FROM task WHERE state NOT IN (2, 3, 4, 5, 10, 11, 12, 13, 14, 15)"
                  + " OR fence < 1 OR attempt < 1 OR (state < 10 AND finish_by <= created_at)"),
          new Law(
              "reason",
              "what failed or expired has a reason",
              "SELECT id FROM task WHERE state IN (11, 13, 15) AND error_code IS NULL"),
          new Law(
              "events",
              "the events of a task are numbered without a gap",
              "SELECT task.id FROM task LEFT JOIN (SELECT task_id, count(*) AS events,"
                  + " max(sequence) AS last FROM event GROUP BY task_id) AS told"
                  + " ON told.task_id = task.id WHERE coalesce(events, 0) <> next_sequence - 2"
                  + " OR (next_sequence > 2 AND coalesce(last, 0) <> next_sequence - 1)"),
          new Law(
              "last-event",
              "the last event of an ended task tells its end, and only that one",
              "SELECT task.id FROM task LEFT JOIN event ON event.task_id = task.id"
                  + " AND event.sequence = task.next_sequence - 1 WHERE state >= 10"
                  + " AND coalesce(event.type, '') <> CASE WHEN state = 10 THEN 'task.succeeded'"
                  + " WHEN state = 11 THEN 'task.failed' WHEN state IN (12, 14) THEN 'task.cancelled'"
                  + " ELSE 'task.expired' END"),
          new Law(
              "event-known",
              "an event is of a task",
              "SELECT DISTINCT event.task_id FROM event LEFT JOIN task ON task.id = event.task_id"
                  + " WHERE task.id IS NULL"),
          new Law(
              "places",
              "no place in an application's feed is given twice",
              "SELECT DISTINCT application_id FROM (SELECT application_id, position FROM ("
                  + PLACES
                  + ") AS given GROUP BY application_id, position HAVING count(*) > 1) AS twice"),
          new Law(
              "callback",
              "the end of a task with a callback_url has a delivery to it",
              "SELECT task.id FROM task LEFT JOIN delivery ON delivery.task_id = task.id"
                  + " AND delivery.sequence = task.next_sequence - 1 AND delivery.endpoint_id IS NULL"
                  + " WHERE task.state >= 10 AND callback_url IS NOT NULL AND delivery.id IS NULL"),
          new Law(
              "delivery-known",
              "a delivery tells of an event of a task that is kept",
              "SELECT delivery.id FROM delivery LEFT JOIN task ON task.id = delivery.task_id"
                  + " AND delivery.sequence < task.next_sequence WHERE task.id IS NULL"),
          new Law(
              "receiver-known",
              "a delivery that waits has a receiver",
              "SELECT delivery.id FROM delivery LEFT JOIN webhook_endpoint"
                  + " ON webhook_endpoint.id = delivery.endpoint_id"
                  + " LEFT JOIN task ON task.id = delivery.task_id WHERE delivery.state = 0"
                  + " AND ((delivery.endpoint_id IS NOT NULL AND webhook_endpoint.id IS NULL)"
                  + " OR (delivery.endpoint_id IS NULL AND task.callback_url IS NULL))"),
          new Law(
              "attempts",
              "the attempts of a delivery are numbered from 1 to as many as it counts",
              "SELECT attempt.delivery_id FROM attempt LEFT JOIN delivery"
                  + " ON delivery.id = attempt.delivery_id GROUP BY attempt.delivery_id"
                  + " HAVING min(attempt.number) < 1"
                  + " OR max(attempt.number) > max(coalesce(delivery.attempts, 0))"),
          new Law(
              "key-known",
              "a key of a creating request is that of its task",
              "SELECT idempotency.task_id FROM idempotency LEFT JOIN task"
                  + " ON task.id = idempotency.task_id"
                  + " AND task.application_id = idempotency.application_id"
                  + " AND task.idempotency_key = idempotency.key WHERE task.id IS NULL"),
          new Law(
              "key-kept",
              "a task that came with a key is found by it",
              "SELECT task.id FROM task LEFT JOIN idempotency"
                  + " ON idempotency.application_id = task.application_id"
                  + " AND idempotency.key = task.idempotency_key AND idempotency.task_id = task.id"
                  + " WHERE task.idempotency_key IS NOT NULL AND idempotency.task_id IS NULL"),
          new Law(
              "late-wait",
              "a late result is waited for only of an expired task",
              "SELECT late_wait.task_id FROM late_wait LEFT JOIN task ON task.id = late_wait.task_id"
                  + " AND task.state = 13 WHERE task.id IS NULL"));

  private TaskLaws() {}
}
