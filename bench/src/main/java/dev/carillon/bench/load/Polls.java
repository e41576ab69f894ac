package dev.carillon.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks for records of tasks: recent ones, as clients do, or any.
public final class Polls implements Loop.Dialogue {
  private final byte[][] requests;
  private final int idAt;
  private final TaskIds ids;
  private final boolean recent;
  private final Samples answered = new Samples();
  private long refused;

  public Polls(Requests requests, int connections, TaskIds ids, boolean recent) {
    var request = requests.poll(Requests.ANY_ID);
    this.idAt = new String(request, StandardCharsets.US_ASCII).indexOf(Requests.ANY_ID);
    this.requests = new byte[connections][];
    for (int i = 0; i < connections; i++) {
      this.requests[i] = request.clone();
    }
    this.ids = ids;
    this.recent = recent;
  }

  @Override
  public byte[] ask(int connection) {
    if (recent) {
      ids.writeRecent(requests[connection], idAt);
    } else {
      ids.writeAny(requests[connection], idAt);
    }
    return requests[connection];
  }

  @Override
  public void hear(int connection, Message answer, long tookNanos) {
    if (answer.status() == 200) {
      answered.add(tookNanos);
    } else {
      refused++;
    }
  }

  public Samples.Rate run(Server server, Duration time) throws IOException {
    try (var loop = new Loop(server.address(), this)) {
      loop.connect(requests.length);
      long begin = System.nanoTime();
      loop.run(time, () -> false);
      return new Samples.Rate(answered, refused + loop.broken(), System.nanoTime() - begin);
    }
  }
}
