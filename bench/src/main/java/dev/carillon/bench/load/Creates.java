package dev.carillon.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Creates tasks that end at once, over and over. Each task is accepted, run, settled and charged
/// while the next are created, so open tasks do not pile up and the figure holds for hours, not
/// only until a queue is full.
public final class Creates implements Loop.Dialogue {
  private final List<byte[]> requests;
  private final TaskIds ids;
  private Samples answered = new Samples();
  private long refused;

  public Creates(byte[] request, TaskIds ids) {
    this(List.of(request), ids);
  }

  /// @param requests of several callers, which take turns by connection
  public Creates(List<byte[]> requests, TaskIds ids) {
    this.requests = List.copyOf(requests);
    this.ids = ids;
  }

  @Override
  public byte[] ask(int connection) {
    return requests.get(connection % requests.size());
  }

  @Override
  public void hear(int connection, Message answer, long tookNanos) {
    if (answer.status() == 200) {
      answered.add(tookNanos);
      ids.add(answer.taskId());
    } else {
      refused++;
    }
  }

  /// Creates for some time, or until enough are there.
  public Samples.Rate run(Server server, int connections, Duration time, BooleanSupplier enough)
      throws IOException {
    return run(List.of(server.address()), connections, time, enough);
  }

  /// The same at several servers in turn.
  public Samples.Rate run(
      List<InetSocketAddress> servers, int connections, Duration time, BooleanSupplier enough)
      throws IOException {
    answered = new Samples();
    refused = 0;
    try (var loop = new Loop(servers, this)) {
      loop.connect(connections);
      long begin = System.nanoTime();
      loop.run(time, enough);
      return new Samples.Rate(answered, refused + loop.broken(), System.nanoTime() - begin);
    }
  }
}
