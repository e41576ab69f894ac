package dev.carillon.acceptance.proof;

import dev.carillon.acceptance.proof.Namespace.Cable;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// One of two nodes lives in a network of its own, and is cut off from the database, and from
/// everybody else, by the kernel. Needs the right to make networks.
final class Unplugged implements Program {
  @Override
  public Optional<String> missing() {
    return Namespace.isAllowed()
        ? Postgres.missing()
        : Optional.of("network namespaces cannot be made here");
  }

  @Override
  public void run(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        House house = new House(run);
        Namespace far = new Namespace();
        Relay toDatabase = new Relay(Cable.DATABASE.here(), database.port());
        Relay toProvider = new Relay(Cable.PROVIDER.here(), house.upstream().port());
        Relay toCallers = new Relay(Cable.PROVIDER.here(), house.callbacks().port())) {
      house.upstream().reachedAt(address(toProvider));
      house.callbacks().reachedAt(address(toCallers));
      house.offering(Upstream.Way.FIND, "60s").with("CARILLON_ASSET_COPY", "false");
      house.nodes(1, database.url());
      String store =
          "postgresql://carillon@" + Cable.DATABASE.here() + ":" + toDatabase.port() + "/postgres";
      house.start(house.node(store, Cable.PROVIDER.there(), far.prefix(), Map.of()));
      try (Load load = new Load(house).start()) {
        cut(house, load, far);
        load.awaitSent();
      }
      Afterwards.check(house);
    }
  }

  private static String address(Relay relay) {
    return "http://" + Cable.PROVIDER.here() + ":" + relay.port();
  }

  private static void cut(House house, Load load, Namespace far) {
    Run run = house.run();
    Random random = run.random(1);
    while (load.needsHarm()) {
      Run.pass(500 + random.nextInt(3_000));
      Cable cable = load.harms() % 2 == 0 ? Cable.DATABASE : Cable.PROVIDER;
      run.history().note("cut", "line", cable.name());
      far.unplug(cable);
      Run.pass(4_000 + random.nextInt(20_000));
      far.plugIn(cable);
      run.history().note("healed", "line", cable.name());
      load.harmed();
    }
    run.say(
        "%d cuts, accepted %d, not answered %d"
            .formatted(load.harms(), load.accepted(), load.unanswered()));
  }
}
