package dev.carillon.acceptance.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Measures how long the tasks of dead nodes stay theirs, by looking into the database.
final class Rescue {
  private static final long LONGEST_MILLIS = 60_000;
  private static final long LOOK_MILLIS = 50;

  private final Run run;
  private final Postgres database;
  private final Map<Integer, String> owners = new HashMap<>();
  private final List<Thread> watchers = new ArrayList<>();
  private final List<Long> taken = new CopyOnWriteArrayList<>();

  Rescue(Run run, Postgres database) {
    this.run = run;
    this.database = database;
  }

  /// Notes by which name a node that has just started owns tasks.
  void started(Node node) {
    owners.put(
        node.number(), database.text("SELECT id FROM node ORDER BY started_at DESC LIMIT 1"));
  }

  /// Begins to measure for a node that has just died.
  void died(Node node) {
    String owner = owners.getOrDefault(node.number(), "");
    long from = System.nanoTime();
    watchers.add(Thread.ofVirtual().start(() -> watch(node.number(), owner, from)));
  }

  private void watch(int node, String owner, long from) {
    String count = "SELECT count(*) FROM open_task WHERE owner = '" + owner + "'";
    long first = database.number(count);
    long millis = 0;
    while (first > 0 && millis < LONGEST_MILLIS && database.number(count) > 0) {
      Run.pass(LOOK_MILLIS);
      millis = (System.nanoTime() - from) / 1_000_000;
    }
    if (first > 0) {
      taken.add(millis);
      run.history().note("rescued", "node", node, "tasks", first, "took", millis);
    }
  }

  /// Waits for what is still measured and says how long it took.
  void tell() throws InterruptedException {
    for (Thread watcher : watchers) {
      watcher.join();
    }
    run.say(
        "tasks of %d dead nodes were taken over after %d ms (median), %d ms (worst)"
            .formatted(taken.size(), Figures.median(taken), Figures.worst(taken)));
  }
}
