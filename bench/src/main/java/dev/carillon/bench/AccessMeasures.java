package dev.carillon.bench;

import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Creates;
import dev.carillon.bench.load.Loop;
import dev.carillon.bench.load.Message;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Samples;
import dev.carillon.bench.load.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What money, idempotency keys and limits cost, and how soon a revoked token is refused.
final class AccessMeasures {
  private static final String LONG = "6h";
  private static final int ROUNDS = 3;
  private static final int REVOKED = 20;
  private static final int UNAUTHORISED = 401;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String SERVICE = "bench";

  /// Two endpoints that differ in their price alone.
  private static final String CATALOG =
      """
      name: bench
      endpoints:
        - path: /bench/free
          style: task
          request: {required: [prompt], properties: {prompt: {type: string}}}
          response: {data: []}
          make: {kind: image, count: "1", prompt: "${request.prompt}"}
        - path: /bench/priced
          style: task
          price: "0.01"
          request: {required: [prompt], properties: {prompt: {type: string}}}
          response: {data: []}
          make: {kind: image, count: "1", prompt: "${request.prompt}"}
      """;

  private final Options options;

  AccessMeasures(Options options) {
    this.options = options;
  }

  /// Creates with all that can be on, and with all off that can be: no price to hold, no key, no
  /// limit of the application, the service or the token. The rates of the gateway are always
  /// counted. Both in turns on one server, so that they meet it at the same age.
  List<Row> costs() throws IOException, InterruptedException {
    Path catalog = Files.createTempDirectory("carillon-bench-catalog");
    Files.writeString(catalog.resolve("bench.yaml"), CATALOG);
    Map<String, String> environment = new HashMap<>(options.environment());
    environment.put("CARILLON_CATALOG_FOLDER", catalog.toString());
    try (var stage = new Stage(options.with(environment))) {
      return costs(stage);
    } finally {
      Files.deleteIfExists(catalog.resolve("bench.yaml"));
      Files.deleteIfExists(catalog);
    }
  }

  private List<Row> costs(Stage stage) throws IOException {
    var applications = stage.applications();
    var free = applications.one("free").requests();
    var limited = applications.limited("limited", SERVICE);
    String key = "Idempotency-Key: " + KeyedCreates.ANY_KEY + "\r\n";
    var off = new Creates(free.submitTo("/bench/free", "", LONG), stage.ids());
    var on = new KeyedCreates(limited.submitTo("/bench/priced", key, LONG));
    var half = Duration.ofMillis(options.warmUp() * 500L);
    off.run(stage.server(), options.connections(), half, () -> false);
    on.run(stage.server(), options.connections(), half);
    var part = options.time().dividedBy(ROUNDS);
    double without = 0;
    double with = 0;
    long failed = 0;
    for (int i = 0; i < ROUNDS; i++) {
      var plain = off.run(stage.server(), options.connections(), part, () -> false);
      var full = on.run(stage.server(), options.connections(), part);
      without += plain.perSecond() / ROUNDS;
      with += full.perSecond() / ROUNDS;
      failed += plain.failed() + full.failed();
    }
    var rows = new ArrayList<Row>();
    rows.add(
        new Row("access.off", "creates without price, key and limits", perSecond(without), ""));
    rows.add(new Row("access.on", "creates with price, key and limits", perSecond(with), ""));
    rows.add(
        new Row(
            "access.ratio",
            "what they cost",
            String.format(
                Locale.ROOT,
                "%.1f %% (%.3f times the rate, %,d failed)",
                (1 - with / without) * 100,
                with / without,
                failed),
            "at most 15 %"));
    return rows;
  }

  /// From the answer to whoever takes a token back to the first request with it that is refused,
  /// while it is used all the time.
  Row revoked() throws IOException, InterruptedException {
    var delays = new Samples();
    try (var stage = new Stage(options)) {
      var applications = stage.applications();
      for (int i = 0; i < REVOKED; i++) {
        var token = applications.one("revoked-" + i);
        try (var connection = new Connection(stage.server().address(), TIMEOUT)) {
          byte[] request = token.requests().get("/v1/tasks?limit=1");
          connection.exchange(request);
          applications.revoke(token);
          long begin = System.nanoTime();
          while (connection.exchange(request).status() != UNAUTHORISED
              && System.nanoTime() - begin < TIMEOUT.toNanos()) {
            // asks again at once
          }
          delays.add(System.nanoTime() - begin);
        }
      }
    }
    return new Row(
        "revoked",
        "a revoked token is refused after",
        String.format(Locale.ROOT, "%s, at most %.1f ms", delays.words(), delays.millis(1)),
        "< 1,000 ms");
  }

  private static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%,.0f/s", rate);
  }

  /// Creates tasks over and over, each under an idempotency key of its own.
  private static final class KeyedCreates implements Loop.Dialogue {
    /// Stands where a key is written later.
    static final String ANY_KEY = "bench-0000000000";

    private static final int DIGITS = 10;

    private final byte[] request;
    private final int digitsAt;
    private Samples answered = new Samples();
    private long refused;
    private long keys;

    /// @param request with [#ANY_KEY] for its key
    KeyedCreates(byte[] request) {
      this.request = request;
      this.digitsAt =
          new String(request, StandardCharsets.US_ASCII).indexOf(ANY_KEY)
              + ANY_KEY.length()
              - DIGITS;
    }

    @Override
    public byte[] ask(int connection) {
      var digits = Message.ascii(String.format(Locale.ROOT, "%010d", keys++));
      System.arraycopy(digits, 0, request, digitsAt, DIGITS);
      return request;
    }

    @Override
    public void hear(int connection, Message answer, long tookNanos) {
      if (answer.status() == 200) {
        answered.add(tookNanos);
      } else {
        refused++;
      }
    }

    Samples.Rate run(Server server, int connections, Duration time) throws IOException {
      answered = new Samples();
      refused = 0;
      try (var loop = new Loop(server.address(), this)) {
        loop.connect(connections);
        long begin = System.nanoTime();
        loop.run(time, () -> false);
        return new Samples.Rate(answered, refused + loop.broken(), System.nanoTime() - begin);
      }
    }
  }
}
