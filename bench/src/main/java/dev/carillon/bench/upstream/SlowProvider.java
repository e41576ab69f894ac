package dev.carillon.bench.upstream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// A provider whose jobs take nearly the same time, and which is asked for a hundred at once.
public final class SlowProvider implements AutoCloseable {
  private static final double SPREAD = 0.02;
  private static final int TOGETHER = 100;
  private static final int LEAST_SECONDS = 12;
  private static final int MOST_SECONDS = 100;

  /// Requests a second that it allows: more than a gateway can begin jobs in, so that the fill is
  /// not held up, and a small part of what looking at each job alone would take.
  private static final int RATE = 4_000;

  /// As many tasks as the slowest machine that is worth measuring begins in a second.
  private static final int BEGUN_PER_SECOND = 1_000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Clock clock;
  private final int tasks;
  private final int rate;
  private final Map<String, Instant> doneAt = new ConcurrentHashMap<>();
  private final SplittableRandom random = new SplittableRandom(1); // guarded by this
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong lastDone = new AtomicLong();

  /// Listens on a free port of loopback.
  ///
  /// @param tasks that are open at a time
  public SlowProvider(Clock clock, int tasks) throws IOException {
    // Else its answers on kept connections wait for the acknowledgement of their heads, 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.clock = clock;
    this.tasks = tasks;
    this.rate = RATE;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
    server.setExecutor(threads);
    server.createContext("/jobs", this::begin);
    server.createContext("/look", this::look);
    server.start();
  }

  /// Makes it a provider of the gateway that will start on a folder.
  ///
  /// @param settings of the server
  /// @return the settings it needs
  public Map<String, String> install(Path folder, Map<String, String> settings) throws IOException {
    Path files = Files.createDirectories(folder.resolve("data").resolve("providers"));
    Files.writeString(files.resolve("bench.yaml"), file());
    Map<String, String> all = new HashMap<>(settings);
    all.put("BENCH_KEY", "none");
    all.put("CARILLON_ASSET_COPY", "false");
    return all;
  }

  int tasks() {
    return tasks;
  }

  /// How long a job takes; long enough for all to be begun before the first ends.
  Duration lasting() {
    return Duration.ofSeconds(Math.clamp(tasks / BEGUN_PER_SECOND, LEAST_SECONDS, MOST_SECONDS));
  }

  /// Requests a second that it allows.
  int rate() {
    return rate;
  }

  Clock clock() {
    return clock;
  }

  private String file() {
    return """
    name: bench
    source: the bench
    checked: "2026-11-26"
    base-url: http://127.0.0.1:%d
    hosts: ["*"]
    keys: {key: BENCH_KEY}
    limits: {requests-per-second: %d, burst: %d, open-jobs: %d}
    time: %ds
    submit: {path: /jobs, body: '{"reference": task.id}', job: {id: answer.id}}
    poll: {path: "/jobs/{job.id}"}
    batch: {path: /look, body: '{"ids": [ids]}', items: answer, id: answer.id, most: %d}
    state: answer.status
    words: {done: [done], running: [running]}
    works: '{"url": "https://results.example/" & answer.id & ".png"}'
    serves:
      - endpoint: /seedream/images
    """
        .formatted(
            server.getAddress().getPort(), rate, rate, tasks * 2, lasting().toSeconds(), TOGETHER);
  }

  private void begin(HttpExchange exchange) throws IOException {
    String id = body(exchange).path("reference").asString("");
    Instant done = clock.instant().plusMillis(duration());
    doneAt.put(id, done);
    lastDone.accumulateAndGet(done.toEpochMilli(), Math::max);
    answer(exchange, "{\"id\":\"" + id + "\"}");
  }

  private synchronized long duration() {
    double part = 1 + SPREAD * Math.clamp(random.nextGaussian(), -2.5, 2.5);
    return (long) (lasting().toMillis() * part);
  }

  private void look(HttpExchange exchange) throws IOException {
    Instant now = clock.instant();
    ArrayNode jobs = JsonMapper.shared().createArrayNode();
    for (JsonNode id : body(exchange).path("ids")) {
      Instant done = doneAt.getOrDefault(id.asString(""), Instant.MAX);
      jobs.addObject()
          .put("id", id.asString(""))
          .put("status", now.isBefore(done) ? "running" : "done");
    }
    answer(exchange, jobs.toString());
  }

  private JsonNode body(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    return JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /// When each job was done that was not by then, by the id of its task.
  Map<String, Instant> doneAfter(Instant warm) {
    Instant end = warm.plus(lasting().dividedBy(2));
    Map<String, Instant> done = new HashMap<>(doneAt);
    done.values().removeIf(end::isAfter); // those that only showed how long a job takes
    return done;
  }

  /// How many jobs were begun.
  int begun() {
    return doneAt.size();
  }

  /// How many of them are not done now.
  int open() {
    Instant now = clock.instant();
    return (int) doneAt.values().stream().filter(now::isBefore).count();
  }

  /// When the last of all jobs is done.
  Instant lastDone() {
    return Instant.ofEpochMilli(lastDone.get());
  }

  /// How often it was asked anything.
  long requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
