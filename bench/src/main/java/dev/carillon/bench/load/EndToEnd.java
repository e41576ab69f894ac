package dev.carillon.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// Creates tasks with a callback and a provider that answers at once, with a bounded number of
/// tasks whose callback has not come yet; counts callbacks that came.
public final class EndToEnd implements Loop.Dialogue {
  private static final int UNTOLD_AT_MOST = 2_000;

  private final List<byte[]> requests;
  private final Sink sink;
  private long created;
  private long refused;

  public EndToEnd(byte[] request, Sink sink) {
    this(List.of(request), sink);
  }

  /// @param requests of several callers, which take turns by connection
  public EndToEnd(List<byte[]> requests, Sink sink) {
    this.requests = List.copyOf(requests);
    this.sink = sink;
  }

  @Override
  public byte[] ask(int connection) {
    boolean room = created - sink.count() < UNTOLD_AT_MOST;
    return room ? requests.get(connection % requests.size()) : NOTHING;
  }

  @Override
  public void hear(int connection, Message answer, long tookNanos) {
    if (answer.status() == 200) {
      created++;
    } else {
      refused++;
    }
  }

  /// Creates for some time.
  ///
  /// @return callbacks per second
  public double run(Server server, int connections, Duration time) throws IOException {
    return run(List.of(server.address()), connections, time);
  }

  /// The same at several servers in turn.
  public double run(List<InetSocketAddress> servers, int connections, Duration time)
      throws IOException {
    sink.forget();
    try (var loop = new Loop(servers, this)) {
      loop.connect(connections);
      long begin = System.nanoTime();
      loop.run(time, () -> false);
      // The tail after the last request counts too: its callbacks and its time.
      return sink.count() / ((System.nanoTime() - begin) / 1e9);
    }
  }

  public long refused() {
    return refused;
  }

  /// Tasks whose callback has not come by now.
  public long untold() {
    return created - sink.count();
  }
}
