package dev.carillon.bench;

import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Server;
import dev.carillon.bench.passthrough.Added;
import dev.carillon.bench.passthrough.FastModel;
import dev.carillon.bench.upstream.Lag;
import dev.carillon.bench.upstream.SlowProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The measures in front of a provider that answers over HTTP.
final class ProviderMeasures {
  private final Options options;

  ProviderMeasures(Options options) {
    this.options = options;
  }

  List<Row> run() throws IOException, InterruptedException {
    var rows = new ArrayList<Row>();
    if (options.wants("passthrough")) {
      rows.addAll(passthrough());
    }
    if (options.wants("upstream")) {
      rows.add(upstream());
    }
    return rows;
  }

  private Row upstream() throws IOException, InterruptedException {
    var folder = Files.createTempDirectory("carillon-bench");
    try (var provider = new SlowProvider(Clock.systemUTC(), options.backlog());
        var server = Server.start(folder, provider.install(folder, options.environment()))) {
      String token = server.token().orElseThrow(() -> new IOException("no token; see " + folder));
      Lag lag = Lag.measure(server.address(), token, provider, filling(server, token));
      return new Row(
          "upstream.lag", "from job to task", lag.words(server.megabytes()), "p95 at most 1 s");
    } finally {
      Stage.delete(folder);
    }
  }

  private Lag.Fill filling(Server server, String token) {
    var requests = new Requests(token);
    byte[] slow = requests.post("/seedream/images", "{\"prompt\":\"sea\",\"async\":true}");
    byte[] quick = requests.submit(Requests.AT_ONCE);
    return new Lag.Fill() {
      @Override
      public int create(int count, Duration within) throws IOException {
        return new Filling(List.of(slow), count).run(server, options.connections(), within);
      }

      @Override
      public void warm(Duration time) throws IOException {
        var longest = Duration.ofSeconds(options.warmUp());
        var within = time.compareTo(longest) < 0 ? time : longest;
        new Filling(List.of(quick), Integer.MAX_VALUE).run(server, options.connections(), within);
      }
    };
  }

  private List<Row> passthrough() throws IOException, InterruptedException {
    var rows = new ArrayList<Row>();
    var folder = Files.createTempDirectory("carillon-bench");
    try (var provider = new FastModel()) {
      var files = Files.createDirectories(folder.resolve("data").resolve("passthrough"));
      Files.writeString(files.resolve("fast.yaml"), provider.providerFile());
      try (var server = Server.start(folder, options.environment())) {
        String token = server.token().orElseThrow(() -> new IOException("no token; see " + folder));
        var warm = Duration.ofMillis(options.warmUp() * 500L);
        for (Added.Until until : Added.Until.values()) {
          Added.measure(until, provider.address(), server.address(), token, warm);
        }
        for (Added.Until until : Added.Until.values()) {
          var added =
              Added.measure(until, provider.address(), server.address(), token, options.time());
          rows.add(row(until, added));
        }
      }
    } finally {
      Stage.delete(folder);
    }
    return rows;
  }

  private static Row row(Added.Until until, Added added) {
    boolean whole = until == Added.Until.WHOLE;
    return new Row(
        whole ? "passthrough.whole" : "passthrough.first",
        whole ? "a call passed through" : "the first event of a stream passed through",
        added.words(),
        "at most 2 ms added at p50");
  }
}
