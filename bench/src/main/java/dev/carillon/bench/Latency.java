package dev.carillon.bench;

import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Samples;
import dev.carillon.bench.load.Server;
import dev.carillon.bench.load.Sink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/// From "provider done" to "client told" at a fixed rate of tasks.
///
/// The provider is done when the sandbox's scripted time has passed: the record's `started_at` plus
/// that time, so a late timer, the settling transaction and its fsync all count as latency. The
/// client is told when the last byte of the answer, event or callback has been read here, by the
/// same machine's clock. The figure against the record's own `finished_at` is given beside it.
final class Latency {
  private static final Duration TAKE = Duration.ofMillis(300);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int LOOKED_UP = 2_000;
  private static final Pattern STARTED = Pattern.compile("\"started_at\":\"([^\"]+)\"");
  static final Pattern FINISHED = Pattern.compile("\"finished_at\":\"([^\"]+)\"");

  private final Server server;
  private final Requests requests;
  private final Sink sink;
  private final Queue<Way.Told> told = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger tick = new AtomicInteger();

  Latency(Server server, Requests requests, Sink sink) {
    this.server = server;
    this.requests = requests;
    this.sink = sink;
  }

  /// Runs one way for some time.
  ///
  /// @return such as `p50 1.4 ms, p99 6.0 ms (after finished_at: …)`
  String run(Way way, int rate, Duration time) throws IOException {
    told.clear();
    sink.forget();
    failed.set(0);
    tick.set(0);
    int count = Math.toIntExact(rate * time.toMillis() / 1000);
    long begin = System.nanoTime();
    // Four times as many as wait on average at this rate.
    int clients = Math.toIntExact(Math.max(16, rate * TAKE.toMillis() / 250));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        threads.execute(() -> client(way, begin, 1_000_000_000L / rate, count));
      }
    }
    if (way == Way.CALLBACK) {
      Backlog.awaitTold(sink, told.size());
    }
    return compare();
  }

  private void client(Way way, long begin, long everyNanos, int count) {
    var take = TAKE.toMillis() + "ms";
    try (var connection = new Connection(server.address(), TIMEOUT)) {
      for (int turn = tick.getAndIncrement(); turn < count; turn = tick.getAndIncrement()) {
        LockSupport.parkNanos(begin + turn * everyNanos - System.nanoTime());
        told.add(way.follow(connection, server, requests, take, sink.url()));
      }
    } catch (IOException _) {
      failed.incrementAndGet();
    }
  }

  private String compare() throws IOException {
    var sinceDone = new Samples();
    var sinceFinished = new Samples();
    int step = Math.max(1, told.size() / LOOKED_UP);
    int at = 0;
    try (var connection = new Connection(server.address(), TIMEOUT)) {
      for (var task : told) {
        var heard = task.at().or(() -> sink.told(task.id()));
        if (at++ % step != 0 || heard.isEmpty()) {
          continue;
        }
        var record = connection.exchange(requests.get("/v1/tasks/" + task.id())).text();
        sinceDone.add(nanos(time(STARTED, record).plus(TAKE), heard.get()));
        sinceFinished.add(nanos(time(FINISHED, record), heard.get()));
      }
    }
    return String.format(
        Locale.ROOT,
        "%s (after `finished_at`: %s)%s",
        sinceDone.words(),
        sinceFinished.words(),
        failed.get() == 0 ? "" : ", " + failed.get() + " clients failed");
  }

  private static long nanos(Instant from, Instant to) {
    return Duration.between(from, to).toNanos();
  }

  /// The time of day that a record gives for a name.
  static Instant time(Pattern name, String record) throws IOException {
    var found = name.matcher(record);
    if (!found.find()) {
      throw new IOException("no " + name + " in " + record);
    }
    return Instant.parse(found.group(1));
  }
}
