package dev.carillon.bench;

import dev.carillon.bench.load.Creates;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Samples;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The measures of callbacks: rates, a burst, receivers that misbehave, and a dead one that very
/// much waits for.
final class CallbackMeasures {
  private static final Duration AHEAD = Duration.ofSeconds(6);
  private static final int BURST = 200;
  private static final int BURSTS = 5;
  private static final int RECEIVERS = 8;
  private static final int HEALTHY = 800;
  private static final int MISBEHAVING = 200;

  private final Options options;
  private final Stage stage;

  CallbackMeasures(Options options, Stage stage) {
    this.options = options;
    this.stage = stage;
  }

  /// Callbacks from tasks that all end at the same moment.
  Row backlog() throws IOException {
    var backlog = ending(options.backlog());
    double rate = stage.sink().count() / seconds(backlog);
    return new Row(
        "callbacks",
        String.format(Locale.ROOT, "callbacks of %,d tasks ending at once", options.backlog()),
        String.format(Locale.ROOT, "%,.0f/s", rate),
        ">= 6,000/s");
  }

  /// Callbacks that waited for endpoints which were off: as many as tasks end in [#backlog].
  Row waited() throws IOException {
    return Drain.row(
        stage,
        RECEIVERS,
        options.connections(),
        Math.max(1, options.backlog() / RECEIVERS),
        options.rounds());
  }

  /// A few tasks that end at the same moment.
  Row burst() throws IOException {
    var samples = new Samples();
    for (int i = 0; i < BURSTS; i++) {
      samples.add((long) (seconds(ending(BURST)) * 1e9));
    }
    return new Row(
        "callbacks.burst",
        "a burst of " + BURST + " callbacks drained",
        String.format(
            Locale.ROOT,
            "%.0f ms (median of %d; worst %.0f ms)",
            samples.millis(0.5),
            samples.count(),
            samples.millis(1)),
        "< 300 ms");
  }

  private Backlog ending(int count) throws IOException {
    stage.sink().forget();
    var backlog = new Backlog(stage.requests(), stage.sink().url(), count, AHEAD);
    Backlog.awaitTold(stage.sink(), backlog.create(stage.server(), options.connections()));
    return backlog;
  }

  private double seconds(Backlog backlog) {
    var last = stage.sink().all().values().stream().max(Instant::compareTo).orElseThrow();
    return Duration.between(backlog.endsAt(), last).toNanos() / 1e9;
  }

  /// The same load on the healthy receivers, without and with others that misbehave.
  List<Row> isolation() throws IOException {
    var rows = new ArrayList<Row>();
    try (var crowd = new Crowd(stage.server(), stage.requests(), stage.sink(), HEALTHY)) {
      crowd.run(0, options.rate(), Duration.ofSeconds(5));
      var alone = crowd.run(0, options.rate(), options.time());
      var together = crowd.run(MISBEHAVING, options.rate(), options.time().multipliedBy(2));
      rows.add(row("alone", HEALTHY + " healthy receivers alone", alone, ""));
      var what = "the same beside " + MISBEHAVING + " that misbehave";
      rows.add(row("together", what, together, "p99 at most 50 ms more"));
    }
    return rows;
  }

  /// Callbacks to healthy receivers, before and while very many wait for a dead one.
  List<Row> dead() throws IOException {
    var rows = new ArrayList<Row>();
    try (var rogue = new Rogue(Rogue.Manner.DEAD);
        var crowd = new Crowd(stage.server(), stage.requests(), stage.sink(), HEALTHY)) {
      crowd.run(0, options.rate(), Duration.ofSeconds(5));
      var before = crowd.run(0, options.rate(), options.time());
      var url = "http://127.0.0.1:" + rogue.port() + "/told";
      var creates = new Creates(stage.requests().submit(Requests.AT_ONCE, url), stage.ids());
      int first = stage.ids().count();
      var _ =
          creates.run(
              stage.server(),
              options.connections(),
              Duration.ofHours(1),
              () -> stage.ids().count() - first >= options.waiting());
      stage.awaitSettled();
      var after = crowd.run(0, options.rate(), options.time());
      rows.add(row("before", "callbacks with nothing waiting", before, ""));
      var what =
          String.format(Locale.ROOT, "with %,d waiting for a dead receiver", options.waiting());
      rows.add(row("dead", what, after, "the same"));
    }
    return rows;
  }

  private Row row(String key, String what, Samples samples, String target) {
    var value =
        String.format(
            Locale.ROOT,
            "%s at %d/s (%,d looked at)",
            samples.words(),
            options.rate(),
            samples.count());
    return new Row("callbacks." + key, what, value, target);
  }
}
