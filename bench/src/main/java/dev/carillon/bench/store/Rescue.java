package dev.carillon.bench.store;

import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Scale;
import dev.carillon.bench.load.Server;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// How long the open tasks of a killed node stayed its own.
///
/// @param tasks it owned when it was killed
/// @param first from the kill until others had taken up some of them
/// @param last from the kill until others had taken up all of them
record Rescue(long tasks, Duration first, Duration last) {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration BEFORE = Duration.ofSeconds(2);
  private static final Duration SLICE = Duration.ofSeconds(2);
  private static final int LOOK_NANOS = 20_000_000;
  private static final String NEWEST = "SELECT id FROM node ORDER BY started_at DESC LIMIT 1";
  private static final String OWNED = "SELECT count(*) FROM open_task WHERE owner = ?::uuid";

  /// Kills the newest node while the others carry the load of [Gateways#endToEnd], and looks into
  /// the database until it owns nothing.
  static Rescue measure(Gateways gateways, Database database, Scale scale)
      throws IOException, InterruptedException {
    String owner = database.text(NEWEST);
    Server dying = gateways.withoutNewest();
    var over = new AtomicBoolean();
    try (var load = Executors.newSingleThreadExecutor()) {
      load.execute(() -> keepBusy(gateways, scale.connections(), over));
      try {
        LockSupport.parkNanos(BEFORE.toNanos());
        return watch(dying, owner, database);
      } finally {
        over.set(true);
        dying.kill();
      }
    }
  }

  private static void keepBusy(Gateways gateways, int connections, AtomicBoolean over) {
    try {
      while (!over.get()) {
        var _ = gateways.endToEnd(connections, SLICE);
      }
    } catch (IOException broken) {
      System.out.println("  the load on the other nodes ended: " + broken.getMessage());
    }
  }

  private static Rescue watch(Server dying, String owner, Database database)
      throws IOException, InterruptedException {
    try (var connection = database.connect();
        var owned = connection.prepareStatement(OWNED)) {
      owned.setString(1, owner);
      long tasks = count(owned);
      long killed = System.nanoTime();
      dying.kill();
      long first = 0;
      long left = tasks;
      while (left > 0 && System.nanoTime() - killed < LONGEST.toNanos()) {
        LockSupport.parkNanos(LOOK_NANOS);
        left = count(owned);
        if (first == 0 && left < tasks) {
          first = System.nanoTime() - killed;
        }
      }
      var last = Duration.ofNanos(System.nanoTime() - killed);
      System.out.printf(
          Locale.ROOT,
          "  rescue: %,d tasks, the first after %d ms, the last after %d ms, %,d left%n",
          tasks,
          first / 1_000_000,
          last.toMillis(),
          left);
      return new Rescue(tasks, Duration.ofNanos(first), last);
    } catch (SQLException failure) {
      throw new IOException(OWNED, failure);
    }
  }

  private static long count(PreparedStatement owned) throws SQLException {
    try (var rows = owned.executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  /// Sums up some.
  static Row row(List<Rescue> rescues) {
    var lasts = rescues.stream().map(Rescue::last).sorted().toList();
    return new Row(
        "nodes.rescue",
        String.format(
            Locale.ROOT,
            "kill -9 of one of 3 nodes until its last of %,d tasks is taken up",
            rescues.getFirst().tasks()),
        String.format(
            Locale.ROOT,
            "%.1f s (median of %d; worst %.1f s)",
            seconds(lasts.get(lasts.size() / 2)),
            lasts.size(),
            seconds(lasts.getLast())),
        "lease of 15 s + 1 s");
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
