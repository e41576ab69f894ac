package dev.carillon.bench;

import dev.carillon.bench.load.Loop;
import dev.carillon.bench.load.Message;
import dev.carillon.bench.load.Server;
import java.io.IOException;
import java.time.Duration;

/// Parks inline requests, each on its own connection, until the tasks end.
final class Waits implements Loop.Dialogue {
  private static final Duration ALL_WITHIN = Duration.ofSeconds(120);
  private static final long LOOK_EVERY_NANOS = 250_000_000;

  private final byte[] request;
  private final boolean[] asked;
  private int answered;
  private int refused;
  private int parked;
  private long megabytesHeld;
  private long megabytesAtMost;
  private long lookedAt;

  /// Plans to park some requests.
  ///
  /// @param request of a task that takes longer than it takes to park all
  Waits(byte[] request, int count) {
    this.request = request;
    this.asked = new boolean[count];
  }

  @Override
  public byte[] ask(int connection) {
    if (asked[connection]) {
      return NOTHING;
    }
    asked[connection] = true;
    return request;
  }

  @Override
  public void hear(int connection, Message answer, long tookNanos) {
    if (answer.status() == 200) {
      answered++;
    } else {
      refused++;
    }
  }

  void run(Server server) throws IOException {
    try (var loop = new Loop(server.address(), this)) {
      loop.connect(asked.length);
      loop.run(ALL_WITHIN, () -> isOver(server, loop));
    }
  }

  private boolean isOver(Server server, Loop loop) {
    if (System.nanoTime() - lookedAt > LOOK_EVERY_NANOS) {
      lookedAt = System.nanoTime();
      long megabytes = megabytes(server);
      if (answered == 0) {
        parked = Math.max(parked, loop.waiting());
        megabytesHeld = Math.max(megabytesHeld, megabytes);
      }
      megabytesAtMost = Math.max(megabytesAtMost, megabytes);
    }
    return answered + refused + loop.broken() >= asked.length;
  }

  private static long megabytes(Server server) {
    try {
      return server.megabytes();
    } catch (IOException _) {
      return 0;
    }
  }

  int answered() {
    return answered;
  }

  /// Most requests that waited at the same time.
  int parked() {
    return parked;
  }

  /// Most memory the server had until the first answer.
  long megabytesHeld() {
    return megabytesHeld;
  }

  /// Most memory the server had until the last answer; all of them are written within a second or
  /// two.
  long megabytesAtMost() {
    return megabytesAtMost;
  }
}
