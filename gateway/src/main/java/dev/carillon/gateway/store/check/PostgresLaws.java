package dev.carillon.gateway.store.check;

import java.util.ArrayList;
import java.util.List;

/// The laws of a database: those of both and its own, which hold the small tables to the large
/// ones. An owner that is no node is taken for a dead one, so an open task needs a row there and no
/// more.
final class PostgresLaws {
  private static final List<Law> OWN =
      List.of(
          new Law(
              "result",
              "a task that succeeded, or is finalizing, has a result",
              "SELECT id FROM task WHERE state IN (4, 10) AND response IS NULL"),
          new Law(
              "owned",
              "an open task has an owner, and nothing else has one",
              "SELECT coalesce(task.id, open_task.task_id) FROM (SELECT * FROM task WHERE state < 10)"
                  + " AS task FULL JOIN open_task ON open_task.task_id = task.id"
                  + " AND open_task.application_id = task.application_id"
                  + " WHERE task.id IS NULL OR open_task.task_id IS NULL"),
          new Law(
              "due",
              "a delivery that waits is due once, with its own count of attempts",
              "SELECT coalesce(delivery.id, delivery_due.delivery_id) FROM"
                  + " (SELECT * FROM delivery WHERE state = 0) AS delivery"
                  + " FULL JOIN delivery_due ON delivery_due.delivery_id = delivery.id"
                  + " AND delivery_due.application_id = delivery.application_id"
                  + " WHERE delivery.id IS NULL OR delivery_due.delivery_id IS NULL"
                  + " OR delivery_due.attempts <> delivery.attempts"
                  + " OR delivery_due.destination <> delivery.destination"),
          new Law(
              "failed",
              "a delivery that did not arrive is listed once, and no other is",
              "SELECT coalesce(delivery.id, delivery_failed.delivery_id) FROM"
                  + " (SELECT * FROM delivery WHERE state > 1) AS delivery"
                  + " FULL JOIN delivery_failed ON delivery_failed.delivery_id = delivery.id"
                  + " AND delivery_failed.application_id = delivery.application_id"
                  + " AND delivery_failed.state = delivery.state"
                  + " WHERE delivery.id IS NULL OR delivery_failed.delivery_id IS NULL"),
          new Law(
              "kept",
              "what is kept for a time of its own is an ended task",
              "SELECT kept_task.task_id FROM kept_task LEFT JOIN task ON task.id = kept_task.task_id"
                  + " AND task.state >= 10 WHERE task.id IS NULL"),
          new Law(
              "head",
              "the head of a feed counts the open tasks, and no place is beyond it",
              "SELECT given.application_id FROM (SELECT application_id, max(position) AS last,"
                  + " count(*) FILTER (WHERE state < 10) AS open FROM (SELECT application_id, position,"
                  + " state FROM task UNION ALL SELECT application_id, position, 10 FROM event"
                  + " UNION ALL SELECT application_id, position, 10 FROM endpoint_event) AS places"
                  + " GROUP BY application_id) AS given LEFT JOIN head"
                  + " ON head.application_id = given.application_id"
                  + " WHERE coalesce(head.position, 0) < given.last"
                  + " OR coalesce(head.open, 0) <> given.open"),
          new Law(
              "index",
              "every index is whole",
              "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indrelid"
                  + " WHERE NOT indisvalid AND relnamespace = current_schema()::regnamespace"));

  private PostgresLaws() {}

  static List<Law> all() {
    var laws = new ArrayList<>(MoneyLaws.ALL);
    laws.add(
        MoneyLaws.spending(
            "(SELECT credential_id, sum(used_amount) AS used_amount FROM spending"
                + " GROUP BY credential_id) AS spent"));
    laws.addAll(TaskLaws.ALL);
    laws.addAll(OWN);
    return laws;
  }
}
