package dev.carillon.gateway.store.check;

import java.util.ArrayList;
import java.util.List;

/// The laws of a file: those of both databases and its own.
final class SqliteLaws {
  private static final List<Law> OWN =
      List.of(
          new Law(
              "result",
              "a task that succeeded, or is finalizing, has a result",
              "SELECT task.id FROM task LEFT JOIN answer ON answer.position = task.position"
                  + " WHERE state IN (4, 10) AND answer.position IS NULL"),
          new Law(
              "head",
              "no place in the feed is beyond what is reserved",
              "SELECT id FROM task WHERE position >"
                  + " (SELECT max(reserved) FROM counter WHERE name = 'position')"
                  + " UNION SELECT task_id FROM event WHERE position >"
                  + " (SELECT max(reserved) FROM counter WHERE name = 'position')"));

  private SqliteLaws() {}

  static List<Law> all() {
    var laws = new ArrayList<>(MoneyLaws.ALL);
    laws.add(
        MoneyLaws.spending("(SELECT id AS credential_id, used_amount FROM credential) AS spent"));
    laws.addAll(TaskLaws.ALL);
    laws.addAll(OWN);
    return laws;
  }
}
