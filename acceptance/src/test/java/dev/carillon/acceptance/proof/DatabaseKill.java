package dev.carillon.acceptance.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// PostgreSQL is killed under load, and started again.
final class DatabaseKill implements Program {
  @Override
  public Optional<String> missing() {
    return Postgres.missing();
  }

  @Override
  public void run(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        House house = new House(run)) {
      house.with("CARILLON_ASSET_COPY", "false").nodes(2, database.url());
      try (Load load = new Load(house).start()) {
        kill(house, load, database);
        load.awaitSent();
      }
      Afterwards.check(house);
    }
  }

  private static void kill(House house, Load load, Postgres database) {
    Run run = house.run();
    Random random = run.random(1);
    List<Long> back = new ArrayList<>();
    while (load.needsHarm()) {
      Run.pass(500 + random.nextInt(3_000));
      run.history().note("kill", "node", "database");
      database.kill();
      Run.pass(random.nextInt(3_000));
      database.begin();
      run.history().note("ready", "node", "database");
      back.add(Recovery.millis(load));
      load.harmed();
    }
    run.say(
        ("%d kills, tasks were accepted again %d ms after the database was back (median), %d ms"
                + " (worst); accepted %d, not answered %d")
            .formatted(
                back.size(),
                Figures.median(back),
                Figures.worst(back),
                load.accepted(),
                load.unanswered()));
  }
}
