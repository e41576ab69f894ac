package dev.carillon.acceptance.proof;

import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/// A random node of three is frozen for longer than its lease, so that the others take over what it
/// has, and wakes up again in the middle of what it did.
final class Paused implements Program {
  private static final int NODES = 3;

  /// From so many pauses on one is bound to end in the middle of a write.
  private static final int MANY = 10;

  /// Less than after what a look-up at the provider is believed.
  private static final long LONGEST_MILLIS = 45_000;

  private static final long LOOK_MILLIS = 50;
  private static final Pattern STALE = Pattern.compile("task\\.stale");

  @Override
  public Optional<String> missing() {
    return Postgres.missing();
  }

  @Override
  public void run(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        // A node may freeze between storing the intent and sending it: nobody may believe before it
        // woke up that nothing was sent.
        House house = new House(run).offering(Upstream.Way.FIND, "60s")) {
      house.with("CARILLON_ASSET_COPY", "false");
      var rescue = new Rescue(run, database);
      for (int i = 0; i < NODES; i++) {
        house.nodes(1, database.url());
        rescue.started(house.node(i));
      }
      try (Load load = new Load(house).start()) {
        pause(house, load, rescue);
        load.awaitSent();
      }
      long stale =
          house.nodes().stream()
              .mapToLong(node -> STALE.matcher(node.logText()).results().count())
              .sum();
      run.say("%d late writes were refused".formatted(stale));
      if (stale == 0 && run.options().kills() >= MANY) {
        throw new AssertionError("no node that slept tried to write afterwards: nothing is proved");
      }
      Afterwards.check(house);
    }
  }

  /// Counts the pauses in which others took over what the node had.
  private static void pause(House house, Load load, Rescue rescue) {
    Run run = house.run();
    Random random = run.random(1);
    while (load.needsHarm()) {
      Run.pass(500 + random.nextInt(2_000));
      Node node = house.any(random);
      while (rescue.open(node) == 0 && load.isSending()) {
        Run.pass(LOOK_MILLIS);
      }
      node.pause();
      boolean taken = awaitTaken(rescue, node);
      Run.pass(random.nextInt(3_000));
      node.resume();
      if (taken) {
        load.harmed();
      }
    }
    run.say(
        "%d pauses, accepted %d, not answered %d"
            .formatted(load.harms(), load.accepted(), load.unanswered()));
  }

  /// Whether a frozen node had tasks and lost them to the others, which takes its lease.
  private static boolean awaitTaken(Rescue rescue, Node node) {
    long until = System.nanoTime() + LONGEST_MILLIS * 1_000_000;
    long first = rescue.open(node);
    long left = first;
    while (left > 0 && System.nanoTime() < until) {
      Run.pass(LOOK_MILLIS);
      left = rescue.open(node);
    }
    return first > 0 && left == 0;
  }
}
