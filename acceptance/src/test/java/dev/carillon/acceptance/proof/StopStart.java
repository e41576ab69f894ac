package dev.carillon.acceptance.proof;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;

/// Three nodes are stopped and started again under load, in every order there is, so that for a
/// while one, two or none of them serve. Every second time their database is stopped and started
/// among them, so that nodes stop without it, and start before it is there and wait for it.
final class StopStart implements Program {
  private static final int NODES = 3;
  private static final int ENOUGH = 10;
  private static final Pattern AWAY = Pattern.compile("store\\.away");
  private static final List<List<Integer>> ORDERS =
      List.of(
          List.of(0, 1, 2),
          List.of(0, 2, 1),
          List.of(1, 0, 2),
          List.of(1, 2, 0),
          List.of(2, 0, 1),
          List.of(2, 1, 0));

  @Override
  public Optional<String> missing() {
    return Postgres.missing();
  }

  @Override
  public void run(Run run) throws Exception {
    try (Postgres database = Postgres.start();
        House house = new House(run)) {
      house
          .with("CARILLON_ASSET_COPY", "false")
          .with("CARILLON_HTTP_GRACE", "3s")
          .nodes(NODES, database.url());
      try (Load load = new Load(house).start()) {
        rounds(house, load, database);
        load.awaitSent();
      }
      Afterwards.check(house);
    }
  }

  private static void rounds(House house, Load load, Postgres database) {
    Run run = house.run();
    Random random = run.random(1);
    List<Long> stops = new ArrayList<>();
    while (load.needsHarm()) {
      int rounds = load.harms();
      // In twelve rounds each order comes with the database and without.
      boolean all = (rounds + rounds / ORDERS.size()) % 2 == 1;
      List<Integer> down = ORDERS.get(rounds % ORDERS.size());
      List<Integer> up = ORDERS.get((rounds / ORDERS.size() + random.nextInt(6)) % ORDERS.size());
      among(
          down,
          all ? random.nextInt(NODES + 1) : -1,
          () -> stop(database, run),
          number -> {
            Run.pass(random.nextInt(800));
            stops.add(house.node(number).stop().toMillis());
          });
      among(
          up,
          all ? random.nextInt(NODES + 1) : -1,
          () -> begin(database, run, random),
          number -> {
            house.node(number).launch();
            Run.pass(random.nextInt(500));
          });
      house.nodes().forEach(Node::awaitReady);
      Run.pass(random.nextInt(1_000));
      load.harmed();
    }
    run.say(
        "%d rounds, a stop took %d ms (median), %d ms (worst); accepted %d, not answered %d"
            .formatted(
                load.harms(),
                Figures.median(stops),
                Figures.worst(stops),
                load.accepted(),
                load.unanswered()));
    long waits =
        house.nodes().stream()
            .mapToLong(node -> AWAY.matcher(node.logText()).results().count())
            .sum();
    run.say("nodes that started found the database away %d times".formatted(waits));
    if (load.harms() >= ENOUGH && waits == 0) {
      throw new AssertionError("no node had to wait for its database: nothing is proved");
    }
  }

  private static void stop(Postgres database, Run run) {
    run.history().note("stop", "node", "database");
    database.stop();
  }

  /// After a while that is often longer than a node takes to look for it.
  private static void begin(Postgres database, Run run, Random random) {
    Run.pass(random.nextInt(4_000));
    database.begin();
    run.history().note("ready", "node", "database");
  }

  /// Does something with each node in turn, and with the database before the one of a place.
  ///
  /// @param place from 0 to [#NODES], which is after all; -1 for never
  private static void among(List<Integer> order, int place, Runnable database, IntConsumer node) {
    for (int at = 0; at <= order.size(); at++) {
      if (at == place) {
        database.run();
      }
      if (at < order.size()) {
        node.accept(order.get(at));
      }
    }
  }
}
