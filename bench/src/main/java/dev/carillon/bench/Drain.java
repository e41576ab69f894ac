package dev.carillon.bench;

import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Creates;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Row;
import dev.carillon.bench.load.Sink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/// Callbacks that waited for endpoints which were off, sent once those are on: delivering alone, as
/// nothing is created or ends meanwhile. Each endpoint is a receiver of its own.
final class Drain implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Stage stage;
  private final int connections;
  private final List<Receiver> receivers = new ArrayList<>();

  private record Receiver(Sink sink, String endpoint) {}

  /// @param receivers how many there are
  /// @param connections of the load that makes what waits
  Drain(Stage stage, int receivers, int connections) throws IOException {
    this.stage = stage;
    this.connections = connections;
    for (int i = 0; i < receivers; i++) {
      var sink = new Sink();
      var body = "{\"url\":\"" + sink.url() + "\",\"events\":[\"task.succeeded\"]}";
      var made = ask("POST /v1/endpoints", body);
      var id = JSON.readTree(made).path("id").asString();
      this.receivers.add(new Receiver(sink, id));
    }
  }

  /// Lets so many tasks end while all are off, then sends all of it.
  ///
  /// @return callbacks a second, from the moment before the first endpoint was on to the last
  ///   receipt
  double run(int tasks) throws IOException {
    turn(false);
    int before = stage.ids().count();
    var creates = new Creates(stage.requests().submit(Requests.AT_ONCE), stage.ids());
    var _ =
        creates.run(
            stage.server(),
            connections,
            Duration.ofMinutes(2),
            () -> stage.ids().count() - before >= tasks);
    stage.awaitSettled();
    int made = stage.ids().count() - before;
    receivers.forEach(each -> each.sink.forget());
    Instant on = Instant.now();
    turn(true);
    receivers.forEach(each -> Backlog.awaitTold(each.sink, made));
    int told = receivers.stream().mapToInt(each -> each.sink.count()).sum();
    Instant last =
        receivers.stream()
            .flatMap(each -> each.sink.all().values().stream())
            .max(Instant::compareTo)
            .orElseThrow();
    return told / (Duration.between(on, last).toNanos() / 1e9);
  }

  /// The median of some runs, as a row of the report.
  static Row row(Stage stage, int receivers, int connections, int tasks, int rounds)
      throws IOException {
    var rates = new ArrayList<Double>();
    try (var drain = new Drain(stage, receivers, connections)) {
      drain.run(tasks);
      for (int i = 0; i < rounds; i++) {
        rates.add(drain.run(tasks));
      }
    }
    rates.sort(Double::compare);
    return new Row(
        "callbacks.waited",
        String.format(
            Locale.ROOT,
            "%,d callbacks that waited for %d receivers",
            tasks * receivers,
            receivers),
        String.format(
            Locale.ROOT,
            "%,.0f/s (median of %d; worst %,.0f/s)",
            rates.get(rates.size() / 2),
            rounds,
            rates.getFirst()),
        ">= 6,000/s");
  }

  private void turn(boolean on) throws IOException {
    for (var receiver : receivers) {
      ask("PATCH /v1/endpoints/" + receiver.endpoint, "{\"enabled\":" + on + "}");
    }
  }

  private String ask(String target, String body) throws IOException {
    try (var connection = new Connection(stage.server().address(), TIMEOUT)) {
      return connection.ask(stage.requests().send(target, "", body));
    }
  }

  @Override
  public void close() throws IOException {
    for (var receiver : receivers) {
      ask("DELETE /v1/endpoints/" + receiver.endpoint, "");
      receiver.sink.close();
    }
  }
}
