package dev.carillon.acceptance.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A single node on SQLite is killed at random moments under load, and started again on the same
/// data.
final class KillSqlite implements Program {
  @Override
  public void run(Run run) throws Exception {
    try (House house = new House(run).with("CARILLON_ASSET_COPY", "false").nodes(1, "")) {
      try (Load load = new Load(house).start()) {
        kill(house, load);
        load.awaitSent();
      }
      Afterwards.check(house);
    }
  }

  private static void kill(House house, Load load) {
    Run run = house.run();
    Random random = run.random(1);
    Node node = house.node(0);
    List<Long> ready = new ArrayList<>();
    while (load.needsHarm()) {
      Run.pass(50 + random.nextInt(1_500));
      node.kill();
      Run.pass(random.nextInt(100));
      ready.add(node.begin().toMillis());
      load.harmed();
    }
    run.say(
        "%d kills, ready again after %s ms (median), %s ms (worst); accepted %d, not answered %d"
            .formatted(
                ready.size(),
                Figures.median(ready),
                Figures.worst(ready),
                load.accepted(),
                load.unanswered()));
  }
}
