package dev.carillon.acceptance.proof;

import java.util.Optional;

/// The first database dies under load and its synchronous standby is promoted.
///
/// @param byAddress whether the address moves to the new one, as behind a virtual IP; otherwise
///   nodes know both and look for the one that can be written to
record Failover(boolean byAddress) implements Program {
  @Override
  public Optional<String> missing() {
    return Postgres.missing();
  }

  @Override
  public void run(Run run) throws Exception {
    try (Postgres first = Postgres.start();
        House house = new House(run);
        Relay address = new Relay("127.0.0.1", first.port())) {
      try (Postgres second = first.standby()) {
        String hosts =
            byAddress
                ? "127.0.0.1:" + address.port()
                : "127.0.0.1:" + first.port() + ",127.0.0.1:" + second.port();
        house
            .with("CARILLON_ASSET_COPY", "false")
            .nodes(2, "postgresql://carillon@" + hosts + "/postgres");
        try (Load load = new Load(house).start()) {
          Run.pass(run.options().tasks() * 400L / run.options().rate());
          run.history().note("kill", "node", "database");
          long began = System.nanoTime();
          first.kill();
          second.promote();
          address.leadTo(second.port());
          run.history().note("promoted");
          long promoted = (System.nanoTime() - began) / 1_000_000;
          long back = Recovery.millis(load);
          load.harmed();
          run.say(
              "promoted after %d ms, and tasks were accepted again %d ms later"
                  .formatted(promoted, back));
          load.awaitSent();
          run.say("accepted %d, not answered %d".formatted(load.accepted(), load.unanswered()));
        }
        Afterwards.check(house);
      }
    }
  }
}
