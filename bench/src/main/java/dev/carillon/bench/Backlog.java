package dev.carillon.bench;

import dev.carillon.bench.load.Loop;
import dev.carillon.bench.load.Message;
import dev.carillon.bench.load.Requests;
import dev.carillon.bench.load.Server;
import dev.carillon.bench.load.Sink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/// Creates many tasks with a callback that all end at the same moment: each is created a little
/// later and takes a little less. What follows is the rate at which a standing backlog is settled
/// and told.
final class Backlog implements Loop.Dialogue {
  private static final String ANY_TIME = "00000000ms";
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(60);

  private final byte[] request;
  private final int timeAt;
  private final int size;
  private final long endsAtNanos;
  private final Instant endsAt;
  private int asked;
  private int created;

  /// Plans the backlog.
  ///
  /// @param ahead from now to the moment when all end
  Backlog(Requests requests, String callbackUrl, int size, Duration ahead) {
    this.request = requests.submit(ANY_TIME, callbackUrl);
    this.timeAt = new String(request, StandardCharsets.US_ASCII).indexOf(ANY_TIME);
    this.size = size;
    this.endsAtNanos = System.nanoTime() + ahead.toNanos();
    this.endsAt = Clock.systemUTC().instant().plus(ahead);
  }

  @Override
  public byte[] ask(int connection) {
    if (asked == size) {
      return NOTHING;
    }
    asked++;
    long left = Math.max(0, (endsAtNanos - System.nanoTime()) / 1_000_000);
    var digits = Message.ascii(String.format(Locale.ROOT, "%08d", left));
    System.arraycopy(digits, 0, request, timeAt, digits.length);
    return request;
  }

  @Override
  public void hear(int connection, Message answer, long tookNanos) {
    if (answer.status() == 200) {
      created++;
    }
  }

  /// Creates all of them.
  ///
  /// @return how many were accepted
  int create(Server server, int connections) throws IOException {
    try (var loop = new Loop(server.address(), this)) {
      loop.connect(connections);
      loop.run(Duration.ofSeconds(60), () -> asked == size && loop.waiting() == 0);
    }
    return created;
  }

  /// When all of them end.
  Instant endsAt() {
    return endsAt;
  }

  /// Waits until so many callbacks came, or none came for long.
  static void awaitTold(Sink sink, int count) {
    long end = System.nanoTime() + TOLD_WITHIN.toNanos();
    while (sink.count() < count && System.nanoTime() < end) {
      LockSupport.parkNanos(2_000_000);
    }
  }
}
