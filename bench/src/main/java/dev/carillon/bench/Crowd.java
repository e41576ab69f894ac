package dev.carillon.bench;

import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Samples;
import dev.carillon.bench.load.Server;
import dev.carillon.bench.load.Sink;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Many receivers, each a destination of its own (an address of 127.0.0.0/8), of which some
/// misbehave: what the others notice of it.
final class Crowd implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int CLIENTS = 32;
  private static final int LOOKED_UP = 4_000;

  private final Server server;
  private final Requests requests;
  private final Sink sink;
  private final int healthy;
  private final List<Rogue> rogues = new ArrayList<>();

  Crowd(Server server, Requests requests, Sink sink, int healthy) throws IOException {
    this.server = server;
    this.requests = requests;
    this.sink = sink;
    this.healthy = healthy;
    for (var manner : Rogue.Manner.values()) {
      rogues.add(new Rogue(manner));
    }
  }

  /// Creates tasks that end at once, for each receiver in turn, at a fixed rate.
  ///
  /// @param misbehaving how many receivers beside the healthy ones misbehave
  /// @param rate tasks a second to the healthy ones; the others get as much each
  /// @return from `finished_at` to the receipt, at the healthy ones
  Samples run(int misbehaving, int rate, Duration time) throws IOException {
    sink.forget();
    int all = healthy + misbehaving;
    long every = 1_000_000_000L * healthy / ((long) rate * all);
    long count = time.toNanos() / every;
    Queue<String> created = new ConcurrentLinkedQueue<>();
    var tick = new AtomicInteger();
    long begin = System.nanoTime();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        threads.execute(() -> {
          try (var connection = new Connection(server.address(), TIMEOUT)) {
            for (int turn = tick.getAndIncrement(); turn < count; turn = tick.getAndIncrement()) {
              LockSupport.parkNanos(begin + turn * every - System.nanoTime());
              int receiver = turn % all;
              var request = requests.submit(Requests.AT_ONCE, url(receiver));
              String id = connection.exchange(request).taskId();
              if (receiver < healthy) {
                created.add(id);
              }
            }
          } catch (IOException _) {
            // fewer are created then, and the measure says how many
          }
        });
      }
    }
    Backlog.awaitTold(sink, created.size());
    return latencies(List.copyOf(created));
  }

  private String url(int receiver) {
    String host =
        "127.%d.%d.%d".formatted(1 + receiver / 62_500, receiver / 250 % 250, 1 + receiver % 250);
    int port = receiver < healthy ? sink.port() : rogues.get(receiver % rogues.size()).port();
    return "http://" + host + ":" + port + "/told";
  }

  private Samples latencies(List<String> created) throws IOException {
    var samples = new Samples();
    try (var connection = new Connection(server.address(), TIMEOUT)) {
      for (int i = 0; i < created.size(); i += Math.max(1, created.size() / LOOKED_UP)) {
        var told = sink.told(created.get(i));
        if (told.isPresent()) {
          var record = connection.exchange(requests.get("/v1/tasks/" + created.get(i))).text();
          var ended = Latency.time(Latency.FINISHED, record);
          samples.add(Duration.between(ended, told.get()).toNanos());
        }
      }
    }
    return samples;
  }

  @Override
  public void close() throws IOException {
    for (var rogue : rogues) {
      rogue.close();
    }
  }
}
