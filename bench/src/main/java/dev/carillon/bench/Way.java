package dev.carillon.bench;

import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Message;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Server;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// How a client gets to know that its task has ended.
enum Way {
  /// The creating request itself is answered.
  INLINE,
  /// `GET /v1/tasks/{id}?wait=30s`.
  LONG_POLL,
  /// `GET /v1/tasks/{id}/events`.
  STREAM,
  /// A POST to the client's server.
  CALLBACK;

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final byte[] ENDED = Message.ascii("succeeded");

  /// A task and when its client got to know; `at` is empty for callbacks, which come to the sink.
  record Told(String id, Optional<Instant> at) {}

  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /// Creates a task and waits for its end.
  ///
  /// @param connection of the calling thread, kept alive between tasks
  Told follow(Connection connection, Server server, Requests requests, String take, String url)
      throws IOException {
    return switch (this) {
      case INLINE -> {
        var answer = connection.exchange(requests.inline(take));
        yield new Told(answer.taskId(), now());
      }
      case LONG_POLL -> {
        var id = connection.exchange(requests.submit(take)).taskId();
        var request = requests.get("/v1/tasks/" + id + "?wait=30s");
        while (!connection.exchange(request).has(ENDED)) {
          // the wait ended before the task: ask again
        }
        yield new Told(id, now());
      }
      case STREAM -> {
        var id = connection.exchange(requests.submit(take)).taskId();
        // The stream takes a connection of its own, since it may end by closing it.
        try (var stream = new Connection(server.address(), TIMEOUT)) {
          stream.await(requests.get("/v1/tasks/" + id + "/events"), ENDED);
          yield new Told(id, now());
        }
      }
      case CALLBACK ->
          new Told(connection.exchange(requests.submit(take, url)).taskId(), Optional.empty());
    };
  }

  private static Optional<Instant> now() {
    return Optional.of(Clock.systemUTC().instant());
  }
}
