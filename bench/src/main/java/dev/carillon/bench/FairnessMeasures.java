package dev.carillon.bench;

import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Samples;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// What other applications cost a light one.
///
/// All places of the provider are taken while others wait, and a place becomes free about each
/// millisecond: a task of the light application should wait for the next one and no longer. Tasks
/// of the others last differently long, so that places become free one by one.
///
/// Beside others whose tasks all run for hours, at a provider with places for everybody, it should
/// wait about as long as alone.
///
/// The gateways are thrown away with what still waits in them.
final class FairnessMeasures {

  private static final Duration FILLED_WITHIN = Duration.ofSeconds(150);

  /// The first tasks of the others hold all places for so long, so that what comes after them is
  /// queued and not run while it is counted.
  private static final Duration HELD = Duration.ofSeconds(70);

  /// A p99 of fewer light tasks than this brings is luck.
  private static final int SECONDS = 20;

  /// Until what runs from then on is compiled.
  private static final int SETTLING = 12;

  private static final int PLACES = 500;

  private static final String LIMIT = "CARILLON_SANDBOX_OPEN_JOBS";
  private static final int FOR_ALL = 1_000_000;
  private static final String HOURS = "300m";

  private static final int MEAN_MILLIS = 500;
  private static final int SHORTEST_MILLIS = 400;
  private static final int STEP_MILLIS = 8;
  private static final int TAKES = 26;
  private static final int APPLICATIONS = 1_000;
  private static final int PER_SECOND = 50;

  /// So many that each stays within its share of the places beside all others: one that asks for
  /// more is not light.
  private static final int LIGHT = 300;

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Pattern CREATED = Pattern.compile("\"created_at\":\"([^\"]+)\"");
  private static final Pattern STARTED = Pattern.compile("\"started_at\":\"([^\"]+)\"");

  private final Options options;
  private final long begin = System.nanoTime();

  FairnessMeasures(Options options) {
    this.options = options.atLeast(SECONDS);
  }

  /// The waits of a light application alone, beside one that has very much queued, and beside very
  /// many that have some: queued, and running.
  List<Row> waits() throws IOException, InterruptedException {
    var rows = new ArrayList<Row>();
    try (var stage = stage(PLACES)) {
      var light = stage.applications().make("light", LIGHT);
      rows.add(row("alone", "wait of a light application alone", lightWaits(stage, light), ""));
      var heavy = stage.applications().make("heavy", 1);
      int queued = fill(stage, heavy, options.queued());
      var what = String.format(Locale.ROOT, "beside one with %,d queued", queued);
      rows.add(row("one", what, lightWaits(stage, light), "< one task's time"));
      stage.server().kill();
    }
    try (var stage = stage(PLACES)) {
      var light = stage.applications().make("light", LIGHT);
      var empty = lightWaits(stage, light);
      say("making %,d applications".formatted(APPLICATIONS));
      var heavy = stage.applications().make("heavy", APPLICATIONS);
      int queued = fill(stage, heavy, options.queued());
      var beside = lightWaits(stage, light);
      rows.addAll(manyRows("many", "ratio", words(queued, "open each"), empty, beside));
      stage.server().kill();
    }
    rows.addAll(besideRunning());
    say("done");
    return rows;
  }

  private List<Row> besideRunning() throws IOException, InterruptedException {
    try (var stage = stage(FOR_ALL)) {
      var light = stage.applications().make("light", LIGHT);
      var empty = lightWaits(stage, light);
      say("making %,d applications".formatted(APPLICATIONS));
      var requests = new ArrayList<byte[]>();
      for (var one : stage.applications().make("busy", APPLICATIONS)) {
        requests.add(one.submit(HOURS));
      }
      say("beginning %,d tasks".formatted(options.queued()));
      int running =
          new Filling(requests, options.queued())
              .run(stage.server(), options.connections(), FILLED_WITHIN);
      LockSupport.parkNanos(Duration.ofSeconds(SETTLING).toNanos());
      var beside = lightWaits(stage, light);
      stage.server().kill();
      return manyRows("running", "runningratio", words(running, "each that run"), empty, beside);
    }
  }

  private static String words(int tasks, String how) {
    return String.format(
        Locale.ROOT, "beside %,d with %,d %s", APPLICATIONS, tasks / APPLICATIONS, how);
  }

  private static List<Row> manyRows(
      String key, String ratio, String what, Samples empty, Samples beside) {
    return List.of(
        row(key, what, beside, ""),
        new Row(
            "fairness." + ratio,
            what + ": its p99, and on the same gateway when it was empty",
            String.format(
                Locale.ROOT,
                "%.1f ms and %.1f ms (%.2f times)",
                beside.millis(0.99),
                empty.millis(0.99),
                beside.millis(0.99) / Math.max(1, empty.millis(0.99))),
            "within 2 times"));
  }

  private void say(String what) {
    System.out.printf(
        Locale.ROOT, "fairness: %3d s: %s%n", (System.nanoTime() - begin) / 1_000_000_000L, what);
  }

  /// @param places of the provider, whatever else was asked for: the loads are made for them
  private Stage stage(int places) throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(options.environment());
    environment.put(LIMIT, String.valueOf(places));
    say("starting and warming up");
    var stage = new Stage(options.with(environment));
    stage.warmUp();
    return stage;
  }

  /// What is not accepted in time is left out, and the row tells how many were.
  private int fill(Stage stage, List<Requests> applications, int count) throws IOException {
    say("queueing %,d tasks".formatted(count));
    long begun = System.nanoTime();
    var holding = new ArrayList<byte[]>();
    for (int i = 0; i < PLACES; i++) { // they end one by one, too
      String take = HELD.toMillis() + i * MEAN_MILLIS / PLACES + "ms";
      holding.add(applications.get(i % applications.size()).submit(take));
    }
    var _ = new Filling(holding, PLACES).run(stage.server(), options.connections(), FILLED_WITHIN);
    int queued = queue(stage, applications, count);
    LockSupport.parkNanos(begun + HELD.plusSeconds(SETTLING).toNanos() - System.nanoTime());
    return queued;
  }

  private int queue(Stage stage, List<Requests> applications, int count) throws IOException {
    var requests = new ArrayList<byte[]>(applications.size() * TAKES);
    for (int i = 0; i < TAKES; i++) {
      for (int j = 0; j < applications.size(); j++) {
        String take = SHORTEST_MILLIS + (i + j) % TAKES * STEP_MILLIS + "ms";
        requests.add(applications.get(j).submit(take));
      }
    }
    return new Filling(requests, count).run(stage.server(), options.connections(), FILLED_WITHIN);
  }

  /// From `created_at` to `started_at` of tasks that come one after the other, each of another
  /// light application; in whole milliseconds, as records are.
  private Samples lightWaits(Stage stage, List<Requests> light) throws IOException {
    say("light tasks");
    var ids = new ArrayList<String>();
    long every = 1_000_000_000L / PER_SECOND;
    long count = options.time().toNanos() / every;
    long start = System.nanoTime();
    var samples = new Samples();
    try (var connection = new Connection(stage.server().address(), TIMEOUT)) {
      for (long i = 0; i < count; i++) {
        LockSupport.parkNanos(start + i * every - System.nanoTime());
        var one = light.get((int) (i % light.size()));
        ids.add(connection.exchange(one.submit(Requests.AT_ONCE)).taskId());
      }
      for (int i = 0; i < ids.size(); i++) {
        var one = light.get(i % light.size());
        var record = connection.exchange(one.get("/v1/tasks/" + ids.get(i) + "?wait=10s")).text();
        Instant created = Latency.time(CREATED, record);
        samples.add(Duration.between(created, Latency.time(STARTED, record)).toNanos());
      }
    }
    say(samples.words());
    return samples;
  }

  private static Row row(String key, String what, Samples samples, String target) {
    var value = String.format(Locale.ROOT, "%s (%,d tasks)", samples.words(), samples.count());
    return new Row("fairness." + key, what, value, target);
  }
}
