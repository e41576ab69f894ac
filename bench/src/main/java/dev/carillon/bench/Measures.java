package dev.carillon.bench;

import dev.carillon.bench.caller.CallerMeasures;
import dev.carillon.bench.caller.Commands;
import dev.carillon.bench.caller.Place;
import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Creates;
import dev.carillon.bench.load.EndToEnd;
import dev.carillon.bench.load.Polls;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Samples;
import dev.carillon.bench.peers.PeerMeasures;
import dev.carillon.bench.store.NodeMeasures;
import dev.carillon.bench.store.StoreMeasures;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// Each measure, from its set-up to its rows.
final class Measures {
  private static final int STARTS = 5;
  private static final Duration REST = Duration.ofSeconds(5);
  private static final int LOOKED_UP = 500;

  /// Longer than a gateway that has just started takes to accept a backlog: what ended before the
  /// kill was not interrupted by it.
  private static final Duration AHEAD = Duration.ofSeconds(20);

  private final Options options;
  private final List<Row> rows = new ArrayList<>();

  Measures(Options options) {
    this.options = options;
  }

  /// Runs what was asked for.
  List<Row> run() throws IOException, InterruptedException {
    if (options.wants("startup")) {
      startUp();
    }
    if (options.wants("creates")
        || options.wants("polls")
        || options.wants("endtoend")
        || options.wants("callbacks")
        || options.wants("latency")
        || options.names("receipt")) {
      onAWarmServer();
    }
    if (options.wants("creates")) {
      accepts();
    }
    if (options.wants("isolation") || options.wants("dead")) {
      receivers();
    }
    if (options.wants("fairness")) {
      new FairnessMeasures(options).waits().forEach(this::say);
    }
    if (options.wants("access")) {
      new AccessMeasures(options).costs().forEach(this::say);
    }
    if (options.wants("revoked")) {
      say(new AccessMeasures(options).revoked());
    }
    others();
    return rows;
  }

  /// What needs neither receivers nor many applications.
  private void others() throws IOException, InterruptedException {
    new ProviderMeasures(options).run().forEach(this::say);
    if (options.wants("commands")) {
      commands();
    }
    if (options.wants("caller")) {
      caller();
    }
    if (options.wants("waits")) {
      waits();
    }
    if (options.wants("restart")) {
      restart();
    }
    if (options.wants("growth")) {
      new GrowthMeasures(options).run().forEach(this::say);
    }
    onPostgres();
  }

  /// What needs PostgreSQL, and is measured by its name alone.
  private void onPostgres() throws IOException, InterruptedException {
    switch (options.command()) {
      case "store" ->
          new StoreMeasures(options.databaseServer(), options.environment(), options.scale())
              .run()
              .forEach(this::say);
      case "nodes" ->
          new NodeMeasures(options.databaseServer(), options.environment(), options.scale())
              .run(options.backlog())
              .forEach(this::say);
      case "peers" ->
          new PeerMeasures(options.databaseServer(), options.environment(), options.scale())
              .run()
              .forEach(this::say);
      default -> {
        // measured above
      }
    }
  }

  private void say(String key, String what, String value, String target) {
    rows.add(new Row(key, what, value, target));
    System.out.printf(Locale.ROOT, "%-50s %s%n", what, value);
  }

  private void say(Row row) {
    say(row.key(), row.what(), row.value(), row.target());
  }

  private void receivers() throws IOException, InterruptedException {
    try (var stage = new Stage(options)) {
      stage.warmUp();
      var callbacks = new CallbackMeasures(options, stage);
      if (options.wants("isolation")) {
        callbacks.isolation().forEach(this::say);
      }
      if (options.wants("dead")) {
        callbacks.dead().forEach(this::say);
      }
    }
  }

  private void startUp() throws IOException, InterruptedException {
    var fresh = new Samples();
    var again = new Samples();
    long megabytes = 0;
    for (int i = 0; i < STARTS; i++) {
      try (var stage = new Stage(options)) {
        fresh.add(stage.server().startUp().toNanos());
        again.add(stage.restart().startUp().toNanos());
        if (i == STARTS - 1) {
          LockSupport.parkNanos(REST.toNanos());
          megabytes = stage.server().megabytes();
        }
      }
    }
    say("startup.fresh", "first start to first answer", starts(fresh), "< 1,000 ms");
    say("startup.again", "later start to first answer", starts(again), "< 1,000 ms");
    say("memory.rest", "memory at rest", megabytes + " MB", "< 150 MB");
  }

  private static String starts(Samples starts) {
    return String.format(
        Locale.ROOT,
        "%.0f ms (median of %d; worst %.0f ms)",
        starts.millis(0.5),
        starts.count(),
        starts.millis(1));
  }

  private void onAWarmServer() throws IOException, InterruptedException {
    try (var stage = new Stage(options)) {
      stage.warmUp();
      if (options.wants("creates")) {
        creates(stage);
      }
      if (options.wants("polls")) {
        polls(stage);
      }
      if (options.wants("endtoend")) {
        endToEnd(stage);
      }
      if (options.wants("callbacks")) {
        var callbacks = new CallbackMeasures(options, stage);
        say(callbacks.backlog());
        say(callbacks.burst());
        say(callbacks.waited());
      }
      if (options.wants("latency")) {
        latency(stage, Way.values());
      }
      if (options.names("receipt")) {
        latency(stage, Way.CALLBACK);
      }
      say("memory.worked", "memory after all of this", stage.server().megabytes() + " MB", "");
    }
  }

  /// Creates alone: the tasks take hours, so that what is measured is accepting and nothing after
  /// it. On a server of its own, which is thrown away with its open tasks.
  private void accepts() throws IOException, InterruptedException {
    try (var stage = new Stage(options)) {
      var creates = new Creates(stage.requests().submit("6h"), stage.ids());
      var warmUp = Duration.ofSeconds(options.warmUp());
      creates.run(stage.server(), options.connections(), warmUp, () -> false);
      var rate = creates.run(stage.server(), options.connections(), options.time(), () -> false);
      var what =
          String.format(Locale.ROOT, "durable creates, %d connections", options.connections());
      say("creates", what, rate.words(), ">= 12,000/s, p99 < 25 ms");
    }
  }

  private void creates(Stage stage) throws IOException {
    var rate =
        stage.creates().run(stage.server(), options.connections(), options.time(), () -> false);
    var rest = stage.awaitSettled();
    say("creates.run", "creates while all are run and settled", rate.words(), "");
    double settled = rate.answered().count() / ((rate.nanos() + rest.toNanos()) / 1e9);
    say("settled", "the same tasks run and settled", perSecond(settled), "");
  }

  private void polls(Stage stage) throws IOException {
    for (var recent : List.of(true, false)) {
      var polls = new Polls(stage.requests(), options.connections(), stage.ids(), recent);
      var rate = polls.run(stage.server(), options.time());
      if (recent) {
        say("polls.hot", "polls of recent tasks", rate.words(), ">= 30,000/s");
      } else {
        var what = String.format(Locale.ROOT, "polls of any of %,d tasks", stage.ids().count());
        say("polls.cold", what, rate.words(), "");
      }
    }
  }

  private void endToEnd(Stage stage) throws IOException {
    var request = stage.requests().submit(Requests.AT_ONCE, stage.sink().url());
    var run = new EndToEnd(request, stage.sink());
    double rate = run.run(stage.server(), options.connections(), options.time());
    var loss = run.refused() == 0 ? "" : ", " + run.refused() + " refused";
    say("endtoend", "create to delivered callback", perSecond(rate) + loss, ">= 4,000/s");
    LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    if (run.untold() > 0) {
      say("endtoend.untold", "callbacks missing a second later", String.valueOf(run.untold()), "0");
    }
  }

  private void latency(Stage stage, Way... ways) throws IOException {
    var latency = new Latency(stage.server(), stage.requests(), stage.sink());
    for (var way : ways) {
      // A short run first: each way has its own code to compile.
      latency.run(way, options.rate(), Duration.ofSeconds(Math.max(2, options.seconds() / 3)));
      var figures = latency.run(way, options.rate(), options.time());
      var what =
          String.format(Locale.ROOT, "done to told at %d tasks/s, %s", options.rate(), way.words());
      say("latency." + way.words().replace(' ', '-'), what, figures, "p50 < 3 ms, p99 < 20 ms");
    }
  }

  private void caller() throws IOException, InterruptedException {
    try (var stage = new Stage(options)) {
      var place = Place.of(stage.server().address(), stage.requests().token());
      var caller = new CallerMeasures(place, options.backlog(), options.waits());
      caller.run((key, what, value, target) -> say(new Row(key, what, value, target)));
    }
  }

  private void commands() throws IOException, InterruptedException {
    try (var stage = new Stage(options)) {
      var place = Place.of(stage.server().address(), stage.requests().token());
      new Commands(place).run((key, what, value, target) -> say(new Row(key, what, value, target)));
    }
  }

  private void waits() throws IOException, InterruptedException {
    try (var stage = new Stage(options)) {
      long before = stage.server().megabytes();
      var waits = new Waits(stage.requests().inline("40s"), options.waits());
      waits.run(stage.server());
      var value =
          String.format(
              Locale.ROOT,
              "%,d held in %d MB (before: %d MB), %,d answered with at most %d MB",
              waits.parked(),
              waits.megabytesHeld(),
              before,
              waits.answered(),
              waits.megabytesAtMost());
      say("waits", "inline waits at once", value, "10,000 in < 600 MB");
    }
  }

  private void restart() throws IOException, InterruptedException {
    try (var stage = new Stage(options)) {
      var backlog = new Backlog(stage.requests(), stage.sink().url(), options.backlog(), AHEAD);
      int created = backlog.create(stage.server(), options.connections());
      stage.server().kill();
      var told = stage.sink().count();
      // All of them end while nobody is there.
      LockSupport.parkNanos(
          Duration.between(Clock.systemUTC().instant(), backlog.endsAt()).toNanos());
      var server = stage.restart();
      Backlog.awaitTold(stage.sink(), created);
      var last = stage.sink().all().values().stream().max(Instant::compareTo).orElseThrow();
      say(
          "restart.first",
          "restart until the first callback",
          seconds(server.forkedAt(), firstTold(stage, server.forkedAt())),
          "< 2 s");
      say(
          "restart.ready",
          "kill -9, restart to ready",
          starts(one(server.startUp())),
          "< 2,000 ms");
      say(
          "restart.ended",
          "restart until the last interrupted task had ended",
          seconds(server.forkedAt(), lastEnd(stage)),
          "taken up < 5 s");
      var what =
          String.format(Locale.ROOT, "restart until the last of %,d callbacks", created - told);
      say(
          "restart.told",
          what,
          String.format(
              Locale.ROOT,
              "%s (%,d missing)",
              seconds(server.forkedAt(), last),
              created - stage.sink().count()),
          "");
    }
  }

  private static Instant firstTold(Stage stage, Instant after) {
    return stage.sink().all().values().stream()
        .filter(at -> at.isAfter(after))
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  /// When the last of a sample of the told tasks ended, by the server's records.
  private static Instant lastEnd(Stage stage) throws IOException {
    var last = Instant.EPOCH;
    var ids = List.copyOf(stage.sink().all().keySet());
    try (var connection = new Connection(stage.server().address(), Duration.ofSeconds(10))) {
      for (int i = 0; i < ids.size(); i += Math.max(1, ids.size() / LOOKED_UP)) {
        var record = connection.exchange(stage.requests().get("/v1/tasks/" + ids.get(i))).text();
        var end = Latency.time(Latency.FINISHED, record);
        last = end.isAfter(last) ? end : last;
      }
    }
    return last;
  }

  private static String seconds(Instant from, Instant to) {
    return String.format(Locale.ROOT, "%.1f s", Duration.between(from, to).toMillis() / 1e3);
  }

  private static Samples one(Duration duration) {
    var samples = new Samples();
    samples.add(duration.toNanos());
    return samples;
  }

  private static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f/s", rate);
  }
}
