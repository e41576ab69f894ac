package dev.carillon.acceptance.proof;

import java.util.Random;
import java.util.regex.Pattern;

/// A random node of three is frozen for longer than its lease, so that the others take over what it
/// has, and wakes up again in the middle of what it did.
final class Paused implements Program {
  private static final Pattern STALE = Pattern.compile("task\\.stale");

  @Override
  public void run(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        // A node may freeze between storing the intent and sending it: nobody may believe before it
        // woke up that nothing was sent.
        House house = new House(run).offering(Upstream.Way.FIND, "60s")) {
      house.with("CARILLON_ASSET_COPY", "false").nodes(3, database.url());
      try (Load load = new Load(house).start()) {
        pause(house, load);
        load.awaitSent();
      }
      long stale =
          house.nodes().stream()
              .mapToLong(node -> STALE.matcher(node.logText()).results().count())
              .sum();
      run.say("%d late writes were refused".formatted(stale));
      Afterwards.check(house);
    }
  }

  private static void pause(House house, Load load) {
    Run run = house.run();
    Random random = run.random(1);
    int pauses = 0;
    for (; pauses < run.options().kills() && load.isSending(); pauses++) {
      Run.pass(500 + random.nextInt(2_000));
      Node node = house.any(random);
      node.pause();
      Run.pass(16_500 + random.nextInt(4_000));
      node.resume();
    }
    run.say(
        "%d pauses, accepted %d, not answered %d"
            .formatted(pauses, load.accepted(), load.unanswered()));
  }
}
