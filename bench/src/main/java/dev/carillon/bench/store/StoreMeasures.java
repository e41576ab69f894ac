package dev.carillon.bench.store;

import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Scale;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What one gateway does on PostgreSQL, against what it does on SQLite.
public final class StoreMeasures {
  private static final String BAR = ">= 0.6";

  private final Optional<String> store;
  private final Map<String, String> environment;
  private final Scale scale;

  /// @param store a server of PostgreSQL; empty for one of its own
  /// @param environment more settings of the gateways
  public StoreMeasures(Optional<String> store, Map<String, String> environment, Scale scale) {
    this.store = store;
    this.environment = environment;
    this.scale = scale;
  }

  /// Measures both in turn. Long tasks are created last, as they stay open.
  public List<Row> run() throws IOException, InterruptedException {
    try (var databases = Databases.open(store);
        var sqlite = Gateways.start(1, environment);
        var postgres = Gateways.on(databases.fresh(), 1, environment)) {
      System.out.println("  " + databases.words());
      sqlite.warmUp(scale);
      postgres.warmUp(scale);
      var told = new LinkedHashMap<String, Turns.Side>();
      told.put("SQLite", () -> sqlite.endToEnd(scale.connections(), scale.time()));
      told.put("PostgreSQL", () -> postgres.endToEnd(scale.connections(), scale.time()));
      var created = new LinkedHashMap<String, Turns.Side>();
      created.put("SQLite", () -> sqlite.creates(scale.connections(), scale.time()));
      created.put("PostgreSQL", () -> postgres.creates(scale.connections(), scale.time()));
      var endToEnd = Turns.play("create to callback", scale.rounds(), told);
      var creates = Turns.play("creates", scale.rounds(), created);
      return List.of(
          row("store.creates", "durable creates on SQLite and PostgreSQL", creates),
          row("store.endtoend", "create to delivered callback, the same", endToEnd));
    }
  }

  private static Row row(String key, String what, Map<String, Double> medians) {
    double sqlite = medians.getOrDefault("SQLite", 0.0);
    double postgres = medians.getOrDefault("PostgreSQL", 0.0);
    return new Row(
        key,
        what,
        String.format(
            Locale.ROOT, "%,.0f/s and %,.0f/s: %.2f", sqlite, postgres, postgres / sqlite),
        BAR);
  }
}
