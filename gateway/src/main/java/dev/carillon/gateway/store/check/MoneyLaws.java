package dev.carillon.gateway.store.check;

import java.util.List;

/// The laws of money. Of the ledger, kind 1 is a hold, 2 a settling, 3 a release, 4 what a late
/// result takes again; source 1 is the application's own balance, 2 the general one. States below
/// 10 are open, 10 is succeeded.
final class MoneyLaws {
  /// What the ledger says of each task.
  private static final String BOOKED =
      "(SELECT task_id,"
          + " sum(CASE WHEN kind = 1 THEN amount ELSE 0 END) AS held,"
          + " sum(CASE WHEN kind = 1 AND source = 1 THEN amount ELSE 0 END) AS own,"
          + " sum(CASE WHEN kind = 2 THEN amount ELSE 0 END) AS settled,"
          + " sum(CASE WHEN kind = 3 THEN amount ELSE 0 END) AS released,"
          + " sum(CASE WHEN kind = 4 THEN amount ELSE 0 END) AS again"
          + " FROM ledger GROUP BY task_id) AS booked";

  private static final String OF_TASKS =
      "SELECT task.id FROM task LEFT JOIN " + BOOKED + " ON booked.task_id = task.id WHERE ";

  /// What the ledger took off a balance and gave back.
  private static final String CHANGE =
      "sum(CASE kind WHEN 3 THEN amount WHEN 2 THEN 0 ELSE -amount END)";

  static final List<Law> ALL =
      List.of(
          new Law(
              "held",
              "a task holds its price, the application's own balance its part of it",
              OF_TASKS
                  + "coalesce(held, 0) <> price"
                  + " OR (coalesce(own, 0) <> from_instance AND coalesce(again, 0) = 0"
                  // A late result that costs nothing holds nothing again.
                  + " AND NOT (state = 10 AND coalesce(released, 0) = price))"),
          new Law(
              "open-holds",
              "what an open task holds is neither settled nor released",
              OF_TASKS + "state < 10 AND coalesce(settled + released + again, 0) <> 0"),
          new Law(
              "settled-once",
              "a succeeded task is charged what its result costs, and all else is given back",
              OF_TASKS
                  + "state = 10 AND (coalesce(settled, 0) <> coalesce(charged, price)"
                  + " OR coalesce(held + again, 0) <> coalesce(settled + released, 0))"),
          new Law(
              "released-once",
              "a task that ended otherwise gave all back and was charged nothing",
              OF_TASKS
                  + "state > 10 AND (coalesce(released, 0) <> price"
                  + " OR coalesce(settled + again, 0) <> 0)"),
          new Law(
              "closed",
              "what a deleted task held is settled or released",
              "SELECT booked.task_id FROM "
                  + BOOKED
                  + " LEFT JOIN task ON task.id = booked.task_id"
                  + " WHERE task.id IS NULL AND held + again <> settled + released"),
          new Law(
              "general-balance",
              "a general balance is what was put on it less what the ledger took, and never negative",
              "SELECT account.id FROM account"
                  + " LEFT JOIN (SELECT account_id, sum(amount) AS given FROM credit"
                  + " WHERE application_id IS NULL GROUP BY account_id) AS credited"
                  + " ON credited.account_id = account.id"
                  + " LEFT JOIN (SELECT account_id, "
                  + CHANGE
                  + " AS change FROM ledger WHERE source = 2 GROUP BY account_id) AS used"
                  + " ON used.account_id = account.id"
                  + " WHERE general_balance < 0"
                  + " OR general_balance <> coalesce(given, 0) + coalesce(change, 0)"),
          new Law(
              "own-balance",
              "an application's balance is what was put on it less what the ledger took, and never"
                  + " negative",
              "SELECT application.id FROM application"
                  + " LEFT JOIN (SELECT application_id, sum(amount) AS given FROM credit"
                  + " WHERE application_id IS NOT NULL GROUP BY application_id) AS credited"
                  + " ON credited.application_id = application.id"
                  + " LEFT JOIN (SELECT application_id, "
                  + CHANGE
                  + " AS change FROM ledger WHERE source = 1 GROUP BY application_id) AS used"
                  + " ON used.application_id = application.id"
                  + " WHERE balance < 0 OR balance <> coalesce(given, 0) + coalesce(change, 0)"),
          new Law(
              "usage",
              "the sums of usage hold at least every ended task that is still kept",
              "SELECT kept.application_id FROM (SELECT application_id, count(*) AS tasks FROM task"
                  + " WHERE state >= 10 GROUP BY application_id) AS kept"
                  + " LEFT JOIN (SELECT application_id,"
                  + " sum(succeeded + failed + cancelled + expired) AS tasks FROM usage_day"
                  + " GROUP BY application_id) AS told ON told.application_id = kept.application_id"
                  + " WHERE coalesce(told.tasks, 0) < kept.tasks"));

  private MoneyLaws() {}

  /// What each token was charged and holds, at least for the tasks that are still kept.
  ///
  /// @param spent the table and its columns `credential_id` and `used_amount`
  static Law spending(String spent) {
    return new Law(
        "spending",
        "what a token spent is at least what its tasks hold and cost that are still kept",
        "SELECT used.credential_id FROM (SELECT credential_id, sum(CASE WHEN state < 10 THEN price"
            + " ELSE coalesce(charged, price) END) AS amount FROM task WHERE state <= 10"
            + " GROUP BY credential_id) AS used LEFT JOIN "
            + spent
            + " ON spent.credential_id = used.credential_id"
            + " WHERE used.amount > coalesce(spent.used_amount, 0)");
  }
}
