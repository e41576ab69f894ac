package dev.carillon.acceptance.proof;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Strangers take every connection the database has to give, after those of the nodes were ended.
final class Storm implements Program {
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
        storm(house, load, database);
        load.awaitSent();
      }
      Afterwards.check(house);
    }
  }

  private static void storm(House house, Load load, Postgres database) throws SQLException {
    Run run = house.run();
    Random random = run.random(1);
    List<Long> back = new ArrayList<>();
    int most = 0;
    while (load.needsHarm()) {
      Run.pass(500 + random.nextInt(2_000));
      List<Connection> strangers = new ArrayList<>();
      try {
        run.history().note("storm");
        int taken = takeAll(database, strangers);
        most = Math.max(most, taken);
        Run.pass(1_000 + random.nextInt(5_000));
      } finally {
        for (Connection stranger : strangers) {
          stranger.close();
        }
        run.history().note("calm");
      }
      back.add(Recovery.millis(load));
      load.harmed();
    }
    run.say(
        ("%d storms of up to %d connections, tasks were accepted again after %d ms (median), %d ms"
                + " (worst); accepted %d, not answered %d")
            .formatted(
                back.size(),
                most,
                Figures.median(back),
                Figures.worst(back),
                load.accepted(),
                load.unanswered()));
  }

  /// Takes what is free, ends the connections of the nodes, and takes theirs too.
  private static int takeAll(Postgres database, List<Connection> strangers) throws SQLException {
    strangers.add(database.connect());
    fill(database, strangers);
    try (var statement = strangers.getFirst().createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client"
              + " backend' AND application_name = 'carillon'");
    }
    fill(database, strangers);
    return strangers.size();
  }

  private static void fill(Postgres database, List<Connection> strangers) {
    try {
      while (true) {
        strangers.add(database.connect());
      }
    } catch (SQLException none) {
      // All are taken.
    }
  }
}
