package dev.carillon.bench;

import dev.carillon.bench.load.Applications;
import dev.carillon.bench.load.Connection;
import dev.carillon.bench.load.Creates;
import dev.carillon.bench.load.Message;
import dev.carillon.bench.load.Polls;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Server;
import dev.carillon.bench.load.Sink;
import dev.carillon.bench.load.TaskIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A server on a fresh folder, with its token, a place for callbacks and the ids of created tasks.
/// Closing it removes the folder.
final class Stage implements AutoCloseable {
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(120);
  private static final byte[] FINISHED = Message.ascii("finished_at");

  private final Path folder;
  private final Options options;
  private final Sink sink = new Sink();
  private final TaskIds ids = new TaskIds(new Random(7));
  private final Requests requests;
  private Server server;

  Stage(Options options) throws IOException, InterruptedException {
    this.options = options;
    this.folder = Files.createTempDirectory("carillon-bench");
    this.server = Server.start(folder, options.environment());
    this.requests =
        new Requests(
            server
                .token()
                .orElseThrow(() -> new IOException("the server printed no token; see " + folder)));
  }

  Server server() {
    return server;
  }

  Sink sink() {
    return sink;
  }

  TaskIds ids() {
    return ids;
  }

  Applications applications() throws IOException {
    return new Applications(server, folder.resolve("data"));
  }

  Requests requests() {
    return requests;
  }

  /// Starts again on the same data.
  Server restart() throws IOException, InterruptedException {
    server.close();
    server = Server.start(folder, options.environment());
    return server;
  }

  /// Creates and polls for as long as the virtual machine needs to compile what is hot.
  void warmUp() throws IOException {
    var half = Duration.ofMillis(options.warmUp() * 500L);
    creates().run(server, options.connections(), half, () -> false);
    new Polls(requests, options.connections(), ids, true).run(server, half);
    awaitSettled();
  }

  Creates creates() {
    return new Creates(requests.submit(Requests.AT_ONCE), ids);
  }

  /// Waits until the task created last has ended; older ones have by then.
  ///
  /// @return how long that took
  Duration awaitSettled() throws IOException {
    long begin = System.nanoTime();
    if (ids.count() > 0) {
      var request = requests.poll(ids.last());
      try (var connection = new Connection(server.address(), SETTLED_WITHIN)) {
        while (!connection.exchange(request).has(FINISHED)) {
          if (System.nanoTime() - begin > SETTLED_WITHIN.toNanos()) {
            throw new IOException("tasks did not end within " + SETTLED_WITHIN);
          }
          LockSupport.parkNanos(5_000_000);
        }
      }
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() throws IOException {
    server.close();
    sink.close();
    delete(folder);
  }

  static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
