package dev.carillon.acceptance.proof;

import java.util.Optional;
import java.util.Random;

/// The line between one of two nodes and the database, and the line between both and the provider,
/// swallow everything for a while, without a word to either side.
final class Network implements Program {
  @Override
  public Optional<String> missing() {
    return Postgres.missing();
  }

  @Override
  public void run(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        House house = new House(run);
        Relay toDatabase = new Relay("127.0.0.1", database.port());
        Relay toProvider = new Relay("127.0.0.1", house.upstream().port())) {
      house.upstream().reachedAt("http://127.0.0.1:" + toProvider.port());
      // A submission may lie in the line for as long as the line is cut.
      house.offering(Upstream.Way.FIND, "40s").with("CARILLON_ASSET_COPY", "false");
      house.nodes(1, "postgresql://carillon@127.0.0.1:" + toDatabase.port() + "/postgres");
      house.nodes(1, database.url());
      try (Load load = new Load(house).start()) {
        cut(house, load, toDatabase, toProvider);
        load.awaitSent();
      }
      Afterwards.check(house);
    }
  }

  private static void cut(House house, Load load, Relay toDatabase, Relay toProvider) {
    Run run = house.run();
    Random random = run.random(1);
    while (load.needsHarm()) {
      Run.pass(500 + random.nextInt(3_000));
      boolean database = load.harms() % 2 == 0;
      Relay line = database ? toDatabase : toProvider;
      run.history().note("cut", "line", database ? "database" : "provider");
      line.silence();
      Run.pass(4_000 + random.nextInt(database ? 20_000 : 8_000));
      line.heal();
      run.history().note("healed", "line", database ? "database" : "provider");
      load.harmed();
    }
    run.say(
        "%d cuts, accepted %d, not answered %d"
            .formatted(load.harms(), load.accepted(), load.unanswered()));
  }
}
