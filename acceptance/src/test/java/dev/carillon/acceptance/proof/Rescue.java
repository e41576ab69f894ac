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

  /// The lease of 15 s, and 1 s to find that it has passed.
  private static final long BAR_MILLIS = 16_000;

  /// What a machine with other work may take longer.
  private static final long TOLERANCE_MILLIS = 2_000;

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

  /// How many open tasks a node owns.
  long open(Node node) {
    return open(owners.getOrDefault(node.number(), ""));
  }

  private long open(String owner) {
    return database.number("SELECT count(*) FROM open_task WHERE owner = '" + owner + "'");
  }

  /// Begins to measure for a node that has just died.
  void died(Node node) {
    String owner = owners.getOrDefault(node.number(), "");
    long from = System.nanoTime();
    watchers.add(Thread.ofVirtual().start(() -> watch(node.number(), owner, from)));
  }

  private void watch(int node, String owner, long from) {
    long first = open(owner);
    long millis = 0;
    while (first > 0 && millis < LONGEST_MILLIS && open(owner) > 0) {
      Run.pass(LOOK_MILLIS);
      millis = (System.nanoTime() - from) / 1_000_000;
    }
    if (first > 0) {
      taken.add(millis);
      run.history().note("rescued", "node", node, "tasks", first, "took", millis);
    }
  }

  /// Waits for what is still measured and says how long it took, and how often that was too long.
  /// It fails nothing, as it measures the machine too.
  void tell() throws InterruptedException {
    for (Thread watcher : watchers) {
      watcher.join();
    }
    if (taken.isEmpty()) {
      run.say("no dead node had tasks: how soon they are taken over was not measured");
      return;
    }
    run.say(
        "tasks of %d dead nodes were taken over after %d ms (median), %d ms (worst)"
            .formatted(taken.size(), Figures.median(taken), Figures.worst(taken)));
    long late = taken.stream().filter(millis -> millis > BAR_MILLIS + TOLERANCE_MILLIS).count();
    run.say(
        "%s: %d of %d took longer than the bar of %d ms and %d ms for a loaded machine"
            .formatted(
                late == 0 ? "bar kept" : "BAR MISSED",
                late,
                taken.size(),
                BAR_MILLIS,
                TOLERANCE_MILLIS));
  }
}
