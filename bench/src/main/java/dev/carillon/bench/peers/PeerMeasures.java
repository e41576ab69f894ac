package dev.carillon.bench.peers;

import dev.carillon.bench.load.Creates;
import dev.carillon.bench.load.EndToEnd;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Scale;
import dev.carillon.bench.load.Sink;
import dev.carillon.bench.load.TaskIds;
import dev.carillon.bench.peers.Programs.Program;
import dev.carillon.bench.store.Databases;
import dev.carillon.bench.store.Gateways;
import dev.carillon.bench.store.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Ours against durable queues of others, on one PostgreSQL that keeps what it promises, and ours
/// on its embedded database beside them. Each job's work is one POST to the same sink. They are
/// measured three times: with jobs that are nothing else; with orders that have what each task of
/// ours has, a price held and settled once, a result that is kept, and a call that is a job of its
/// own; and with such orders that come as ours do, by HTTP from another process, with a token. The
/// first two are enqueued within their process.
public final class PeerMeasures {
  private static final String OURS = "Carillon";

  /// The same as it comes, without a second process.
  private static final String EMBEDDED = OURS + " on SQLite";

  private static final String BAR = ">= 3x the best";

  /// Added to the name of a peer that keeps orders.
  private static final String ORDERS = " with orders";

  /// Added to the name of a peer that takes them by HTTP.
  private static final String BY_HTTP = " with orders by HTTP";

  private static final Requests REQUESTS = new Requests("peer");

  private final Optional<String> store;
  private final Map<String, String> environment;
  private final Scale scale;

  /// @param store a server of PostgreSQL; empty for one of its own
  /// @param environment more settings of the gateway
  public PeerMeasures(Optional<String> store, Map<String, String> environment, Scale scale) {
    this.store = store;
    this.environment = environment;
    this.scale = scale;
  }

  /// Measures all that can be measured here, in turn.
  public List<Row> run() throws IOException, InterruptedException {
    Path errors = Files.createTempFile("carillon-bench-peers", ".log");
    try (var databases = Databases.open(store);
        var sink = new Sink();
        var ours = Gateways.on(databases.fresh(), 1, environment);
        var embedded = Gateways.start(1, environment)) {
      System.out.println("  " + databases.words());
      var peers = new LinkedHashMap<String, Peer>();
      try {
        start(peers, databases, sink, errors);
        var both = new LinkedHashMap<String, Gateways>();
        both.put(OURS, ours);
        both.put(EMBEDDED, embedded);
        var rows = measure(both, peers, sink);
        Files.delete(errors);
        return rows;
      } finally {
        for (var peer : peers.values()) {
          peer.close();
        }
      }
    } catch (IOException failure) {
      throw new IOException(failure.getMessage() + "; see " + errors, failure);
    }
  }

  private static void start(Map<String, Peer> peers, Databases databases, Sink sink, Path errors)
      throws IOException, InterruptedException {
    var programs = new Programs(Path.of(System.getProperty("carillon.root", ".")));
    for (var program : Program.values()) {
      var missing = programs.prepare(program);
      if (missing.isPresent()) {
        System.out.println("  " + program.words() + " is left out: " + missing.get());
      } else {
        var peer = programs.start(program, databases.fresh(), sink.port(), errors);
        peers.put(program.words(), peer);
      }
    }
  }

  private List<Row> measure(Map<String, Gateways> ours, Map<String, Peer> peers, Sink sink)
      throws IOException, InterruptedException {
    for (var gateway : ours.values()) {
      gateway.warmUp(scale);
    }
    for (var peer : peers.values()) {
      var _ = work(peer, "work", sink, scale.warmUp().dividedBy(3));
      var _ = work(peer, "tell", sink, scale.warmUp().dividedBy(3));
      var _ = enqueue(peer, "enqueue", scale.warmUp().dividedBy(6));
      var _ = enqueue(peer, "hold", scale.warmUp().dividedBy(6));
      var _ = callByHttp(peer, sink, scale.warmUp().dividedBy(3));
      var _ = orderByHttp(peer, scale.warmUp().dividedBy(6));
    }
    var told = new LinkedHashMap<String, Turns.Side>();
    var created = new LinkedHashMap<String, Turns.Side>();
    ours.forEach((name, gateway) -> {
      told.put(name, () -> gateway.endToEnd(scale.connections(), scale.time()));
      created.put(name, () -> gateway.creates(scale.connections(), scale.time()));
    });
    peers.forEach((name, peer) -> {
      told.put(name + BY_HTTP, () -> callByHttp(peer, sink, scale.time()));
      created.put(name + BY_HTTP, () -> orderByHttp(peer, scale.time()));
      told.put(name + ORDERS, () -> work(peer, "tell", sink, scale.time()));
      told.put(name, () -> work(peer, "work", sink, scale.time()));
      created.put(name + ORDERS, () -> enqueue(peer, "hold", scale.time()));
      created.put(name, () -> enqueue(peer, "enqueue", scale.time()));
    });
    var done = Turns.play("enqueue to call", scale.rounds(), told);
    var enqueued = Turns.play("enqueues", scale.rounds(), created);
    String atOnce = ", " + scale.connections() + " at once";
    return List.of(
        row("peers.service", "orders taken by HTTP" + atOnce, enqueued, BY_HTTP),
        row("peers.served", "order taken by HTTP to HTTP call", done, BY_HTTP),
        row("peers.order", "against orders within a process" + atOnce, enqueued, ORDERS),
        row("peers.told", "the same, order to HTTP call", done, ORDERS),
        row("peers.enqueue", "against bare jobs within a process" + atOnce, enqueued, ""),
        row("peers.done", "the same, enqueue to HTTP call", done, ""));
  }

  private double enqueue(Peer peer, String what, Duration time) throws IOException {
    return peer.ask(what, time, scale.connections()).perSecond();
  }

  /// As with ours, what was called when the load ends counts, and the rest is waited for.
  private double work(Peer peer, String what, Sink sink, Duration time) throws IOException {
    sink.forget();
    double seconds = peer.ask(what, time, scale.connections()).seconds();
    double rate = sink.count() / seconds;
    peer.drain();
    return rate;
  }

  private double orderByHttp(Peer peer, Duration time) throws IOException {
    var creates = new Creates(REQUESTS.submit("6h"), new TaskIds(new Random(7)));
    var rate = creates.run(List.of(peer.door()), scale.connections(), time, () -> false);
    if (rate.failed() > 0) {
      System.out.println("  " + rate.failed() + " orders failed");
    }
    return rate.perSecond();
  }

  private double callByHttp(Peer peer, Sink sink, Duration time) throws IOException {
    var run = new EndToEnd(List.of(REQUESTS.submit(Requests.AT_ONCE, sink.url())), sink);
    double rate = run.run(List.of(peer.door()), scale.connections(), time);
    if (run.refused() > 0) {
      System.out.println("  " + run.refused() + " orders refused");
    }
    peer.drain();
    return rate;
  }

  private static boolean is(String name, String kind) {
    return kind.isEmpty() ? !name.contains(ORDERS) : name.endsWith(kind);
  }

  private static Row row(String key, String what, Map<String, Double> medians, String kind) {
    var words = new ArrayList<String>();
    double best = 0;
    for (var side : medians.entrySet()) {
      boolean isOurs = side.getKey().startsWith(OURS);
      if (!isOurs && !is(side.getKey(), kind)) {
        continue;
      }
      words.add(String.format(Locale.ROOT, "%s %,.0f/s", side.getKey(), side.getValue()));
      if (!isOurs) {
        best = Math.max(best, side.getValue());
      }
    }
    return new Row(
        key,
        what,
        String.join(", ", words)
            + String.format(
                Locale.ROOT,
                ": %.1fx the best, %.1fx on SQLite",
                ratio(medians, OURS, best),
                ratio(medians, EMBEDDED, best)),
        kind.isEmpty() ? "" : BAR);
  }

  private static double ratio(Map<String, Double> medians, String whose, double best) {
    return best == 0 ? 0 : medians.getOrDefault(whose, 0.0) / best;
  }
}
