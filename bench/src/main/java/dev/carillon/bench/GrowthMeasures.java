package dev.carillon.bench;

import dev.carillon.bench.load.Polls;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Samples;
import dev.carillon.bench.store.Copies;
import dev.carillon.bench.store.Database;
import dev.carillon.bench.store.Databases;
import dev.carillon.bench.store.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Creates and polls on few and on many stored tasks, on SQLite or, where `--store` is given, on
/// PostgreSQL. Both servers are there at once and are measured in turn, each newly started on what
/// it stores and warmed up by the same load for the same time.
final class GrowthMeasures {
  private static final int FEW = 1_000;
  private static final int CREATES = 20_000;

  private final Options options;

  GrowthMeasures(Options options) {
    this.options = options;
  }

  List<Row> run() throws IOException, InterruptedException {
    if (options.store().isEmpty()) {
      try (var few = new Stage(options);
          var many = new Stage(options)) {
        fill(few, FEW);
        fill(many, options.prefill());
        return compare(few, many);
      }
    }
    try (var databases = Databases.open(options.databaseServer())) {
      System.out.println("  " + databases.words());
      Database crowded = databases.fresh();
      try (var few = new Stage(on(databases.fresh()));
          var many = new Stage(on(crowded))) {
        fill(few, FEW);
        fill(many, FEW);
        long begin = System.nanoTime();
        Copies.fill(crowded, options.prefill() - FEW, many.ids()::add);
        System.out.printf(
            Locale.ROOT,
            "  filled in %d s, with %s%n",
            Duration.ofNanos(System.nanoTime() - begin).toSeconds(),
            crowded.size());
        return compare(few, many);
      }
    }
  }

  private Options on(Database database) {
    var environment = new LinkedHashMap<>(options.environment());
    environment.put("CARILLON_STORE", database.url());
    return options.with(environment);
  }

  private void fill(Stage stage, int stored) throws IOException {
    var _ =
        stage
            .creates()
            .run(
                stage.server(),
                options.connections(),
                Duration.ofHours(2),
                () -> stage.ids().count() >= stored);
    stage.awaitSettled();
  }

  private List<Row> compare(Stage few, Stage many) throws IOException, InterruptedException {
    var third = Duration.ofMillis(options.warmUp() * 333L);
    for (var stage : List.of(few, many)) {
      var server = stage.restart();
      stage.creates().run(server, options.connections(), third, () -> false);
      stage.awaitSettled();
      polls(stage).run(server, third.multipliedBy(2));
    }
    var polls = new LinkedHashMap<String, Turns.Side>();
    polls.put(name(FEW), () -> polls(few).run(few.server(), options.time()).perSecond());
    polls.put(
        name(options.prefill()), () -> polls(many).run(many.server(), options.time()).perSecond());
    var creates = new LinkedHashMap<String, Turns.Side>();
    creates.put(name(FEW), () -> creates(few).perSecond());
    creates.put(name(options.prefill()), () -> creates(many).perSecond());
    var rows = new ArrayList<Row>();
    rows.add(row("polls", "polls of any", Turns.play("polls of any", options.rounds(), polls)));
    rows.add(row("creates", "creates", Turns.play("creates", options.rounds(), creates)));
    return rows;
  }

  private Polls polls(Stage stage) {
    return new Polls(stage.requests(), options.connections(), stage.ids(), false);
  }

  private Samples.Rate creates(Stage stage) throws IOException {
    int before = stage.ids().count();
    var rate =
        stage
            .creates()
            .run(
                stage.server(),
                options.connections(),
                Duration.ofMinutes(1),
                () -> stage.ids().count() - before >= CREATES);
    stage.awaitSettled();
    return rate;
  }

  private static String name(int stored) {
    return String.format(Locale.ROOT, "%,d stored", stored);
  }

  private Row row(String key, String what, Map<String, Double> medians) {
    double few = medians.getOrDefault(name(FEW), 0.0);
    double many = medians.getOrDefault(name(options.prefill()), 0.0);
    return new Row(
        "growth." + key,
        String.format(Locale.ROOT, "%s at %,d and %,d stored", what, FEW, options.prefill()),
        String.format(
            Locale.ROOT, "%,.0f/s and %,.0f/s (%+.0f %%)", few, many, (many / few - 1) * 100),
        "within 20 %");
  }
}
