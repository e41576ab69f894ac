package dev.carillon.bench.store;

import dev.carillon.bench.load.Applications;
import dev.carillon.bench.load.Creates;
import dev.carillon.bench.load.EndToEnd;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Scale;
import dev.carillon.bench.load.Server;
import dev.carillon.bench.load.Sink;
import dev.carillon.bench.load.TaskIds;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/// Some gateways on one store, each on a folder of its own, with a token and a place for callbacks.
/// What is asked goes to each of them in turn. Closing it ends them and removes the folders.
public final class Gateways implements AutoCloseable {
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(60);

  /// Longer than any measure, so that only accepting is measured.
  private static final String LONG = "6h";

  private final Path folder;
  private final Map<String, String> environment;
  private final List<Server> servers = new ArrayList<>();
  private final Sink sink = new Sink();
  private final TaskIds ids = new TaskIds(new Random(7));
  private List<Requests> callers = List.of();
  private int folders;

  private Gateways(Map<String, String> environment) throws IOException {
    this.folder = Files.createTempDirectory("carillon-bench");
    this.environment = environment;
  }

  /// Starts some on SQLite, which can be only one, or on what the environment says.
  public static Gateways start(int count, Map<String, String> environment)
      throws IOException, InterruptedException {
    var gateways = new Gateways(environment);
    try {
      for (int i = 0; i < count; i++) {
        gateways.add();
      }
      String token =
          gateways
              .servers
              .getFirst()
              .token()
              .orElseThrow(() -> new IOException("the server printed no token"));
      gateways.callers = List.of(new Requests(token));
      return gateways;
    } catch (IOException failure) {
      gateways.close();
      throw failure;
    }
  }

  /// Starts some on an empty database.
  public static Gateways on(Database database, int count, Map<String, String> environment)
      throws IOException, InterruptedException {
    var more = new HashMap<>(environment);
    more.put("CARILLON_STORE", database.url());
    return start(count, more);
  }

  /// Has so many new applications ask from now on, each paid from a balance of its own.
  void askAs(int applications) throws IOException {
    var data = folder.resolve("node-0").resolve("data");
    callers =
        new Applications(servers.getFirst(), data).makePaid("caller", "midjourney", applications);
  }

  private List<byte[]> requests(Function<Requests, byte[]> request) {
    return callers.stream().map(request).toList();
  }

  /// Starts one more.
  void add() throws IOException, InterruptedException {
    var own = Files.createDirectories(folder.resolve("node-" + folders));
    folders++;
    servers.add(Server.start(own, environment));
  }

  /// Lets go of the one that was started last: it gets no more requests, and whoever has it ends
  /// it.
  Server withoutNewest() {
    return servers.removeLast();
  }

  private List<InetSocketAddress> addresses() {
    return servers.stream().map(Server::address).toList();
  }

  /// Creates and calls back for so long on each.
  public void warmUp(Scale scale) throws IOException {
    var each = scale.warmUp().multipliedBy(servers.size());
    var _ = endToEnd(scale.connections(), each.multipliedBy(2).dividedBy(3));
    var _ = creates(scale.connections(), each.dividedBy(3));
  }

  /// Durable creates a second of tasks that take hours.
  public double creates(int connections, Duration time) throws IOException {
    var rate =
        new Creates(requests(caller -> caller.submit(LONG)), ids)
            .run(addresses(), connections, time, () -> false);
    if (rate.failed() > 0) {
      System.out.println("  " + rate.failed() + " creates failed");
    }
    return rate.perSecond();
  }

  /// Creates so many tasks that take long.
  int create(int connections, int count, Duration within) throws IOException {
    int before = ids.count();
    var _ =
        new Creates(requests(caller -> caller.submit(LONG)), ids)
            .run(addresses(), connections, within, () -> ids.count() - before >= count);
    return ids.count() - before;
  }

  /// Tasks a second from create to delivered callback. Returns when all callbacks have come, so
  /// that nothing is left for what is measured next.
  public double endToEnd(int connections, Duration time) throws IOException {
    var run = new EndToEnd(requests(caller -> caller.submit(Requests.AT_ONCE, sink.url())), sink);
    double rate = run.run(addresses(), connections, time);
    long end = System.nanoTime() + TOLD_WITHIN.toNanos();
    while (run.untold() > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(2_000_000);
    }
    if (run.untold() > 0 || run.refused() > 0) {
      System.out.println("  " + run.refused() + " refused, " + run.untold() + " callbacks missing");
    }
    return rate;
  }

  @Override
  public void close() throws IOException {
    for (var server : servers) {
      server.close();
    }
    sink.close();
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
