package dev.carillon.bench.store;

import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Scale;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What several nodes on one database cost against one, all on this machine and under the same
/// load, of one application and of many, and how soon a killed one's tasks are taken up by the
/// others.
public final class NodeMeasures {
  private static final int NODES = 3;
  private static final int APPLICATIONS = 32;
  private static final String ONE = "1 node";
  private static final String SEVERAL = NODES + " nodes";
  private static final Duration FILLED_WITHIN = Duration.ofSeconds(60);

  private final Optional<String> store;
  private final Map<String, String> environment;
  private final Scale scale;

  /// @param store a server of PostgreSQL; empty for one of its own
  /// @param environment more settings of the gateways
  public NodeMeasures(Optional<String> store, Map<String, String> environment, Scale scale) {
    this.store = store;
    this.environment = environment;
    this.scale = scale;
  }

  /// Measures one node, three of them, and the rescue of one that dies.
  ///
  /// @param tasks that are open on all nodes when one is killed
  public List<Row> run(int tasks) throws IOException, InterruptedException {
    try (var databases = Databases.open(store)) {
      System.out.println("  " + databases.words());
      var rows = new ArrayList<>(costs(databases));
      rows.add(rescue(databases.fresh(), tasks));
      return rows;
    }
  }

  private List<Row> costs(Databases databases) throws IOException, InterruptedException {
    try (var one = Gateways.on(databases.fresh(), 1, environment);
        var several = Gateways.on(databases.fresh(), NODES, environment)) {
      one.warmUp(scale);
      several.warmUp(scale);
      var rows = new ArrayList<>(costs(one, several, "", ""));
      // Code that was compiled for one application is compiled anew for many, on each node.
      one.askAs(APPLICATIONS);
      several.askAs(APPLICATIONS);
      one.warmUp(scale);
      several.warmUp(scale);
      rows.addAll(costs(one, several, ".many", " for " + APPLICATIONS + " applications"));
      return rows;
    }
  }

  private List<Row> costs(Gateways one, Gateways several, String key, String whose)
      throws IOException, InterruptedException {
    var told = new LinkedHashMap<String, Turns.Side>();
    told.put(ONE, () -> one.endToEnd(scale.connections(), scale.time()));
    told.put(SEVERAL, () -> several.endToEnd(scale.connections(), scale.time()));
    var created = new LinkedHashMap<String, Turns.Side>();
    created.put(ONE, () -> one.creates(scale.connections(), scale.time()));
    created.put(SEVERAL, () -> several.creates(scale.connections(), scale.time()));
    var endToEnd = Turns.play("create to callback" + whose, scale.rounds(), told);
    var creates = Turns.play("creates" + whose, scale.rounds(), created);
    return List.of(
        row("nodes.creates" + key, "durable creates with 1 node and 3" + whose, creates),
        row("nodes.endtoend" + key, "create to delivered callback, the same", endToEnd));
  }

  private static Row row(String key, String what, Map<String, Double> medians) {
    double one = medians.getOrDefault(ONE, 0.0);
    double several = medians.getOrDefault(SEVERAL, 0.0);
    return new Row(
        key,
        what,
        String.format(
            Locale.ROOT, "%,.0f/s and %,.0f/s: %+.0f %%", one, several, (several / one - 1) * 100),
        "at most 25 % less");
  }

  private Row rescue(Database database, int tasks) throws IOException, InterruptedException {
    var times = new ArrayList<Rescue>();
    try (var gateways = Gateways.on(database, NODES, environment)) {
      for (int round = 0; round < scale.rounds(); round++) {
        int created = gateways.create(scale.connections(), tasks, FILLED_WITHIN);
        System.out.printf(Locale.ROOT, "  rescue: %,d tasks more on %d nodes%n", created, NODES);
        times.add(Rescue.measure(gateways, database, scale));
        gateways.add();
      }
    }
    return Rescue.row(times);
  }
}
