package dev.carillon.bench;

import dev.carillon.bench.load.Loop;
import dev.carillon.bench.load.Message;
import dev.carillon.bench.load.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Creates a number of tasks for some applications in turn.
final class Filling implements Loop.Dialogue {
  private final List<byte[]> requests;
  private final int size;
  private int asked;
  private int created;

  /// @param requests of each application one
  /// @param size tasks in all
  Filling(List<byte[]> requests, int size) {
    this.requests = requests;
    this.size = size;
  }

  @Override
  public byte[] ask(int connection) {
    return asked == size ? NOTHING : requests.get(asked++ % requests.size());
  }

  @Override
  public void hear(int connection, Message answer, long tookNanos) {
    if (answer.status() == 200) {
      created++;
    }
  }

  /// Creates all of them, or as many as it can in time.
  ///
  /// @return how many were accepted
  int run(Server server, int connections, Duration within) throws IOException {
    try (var loop = new Loop(server.address(), this)) {
      loop.connect(connections);
      loop.run(within, () -> asked == size && loop.waiting() == 0);
    }
    return created;
  }
}
