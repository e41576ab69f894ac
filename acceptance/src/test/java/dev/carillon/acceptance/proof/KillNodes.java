package dev.carillon.acceptance.proof;

import java.util.Optional;
import java.util.Random;

/// Three nodes on one PostgreSQL, of which a random one is killed and started again, at once or
/// after the others took over what it had.
final class KillNodes implements Program {
  private static final int NODES = 3;

  @Override
  public Optional<String> missing() {
    return Postgres.missing();
  }

  @Override
  public void run(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        House house = new House(run).with("CARILLON_ASSET_COPY", "false")) {
      var rescue = new Rescue(run, database);
      for (int i = 0; i < NODES; i++) {
        house.nodes(1, database.url());
        rescue.started(house.node(i));
      }
      try (Load load = new Load(house).start()) {
        kill(house, load, rescue);
        load.awaitSent();
      }
      rescue.tell();
      Afterwards.check(house);
    }
  }

  private static void kill(House house, Load load, Rescue rescue) {
    Run run = house.run();
    Random random = run.random(1);
    while (load.needsHarm()) {
      Run.pass(100 + random.nextInt(1_500));
      Node node = house.any(random);
      node.kill();
      rescue.died(node);
      boolean gone = random.nextInt(6) == 0;
      Run.pass(gone ? 16_000 + random.nextInt(3_000) : random.nextInt(2_000));
      node.begin();
      rescue.started(node);
      load.harmed();
    }
    run.say(
        "%d kills, accepted %d, not answered %d"
            .formatted(load.harms(), load.accepted(), load.unanswered()));
  }
}
