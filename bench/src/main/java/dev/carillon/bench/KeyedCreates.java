package dev.carillon.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// Creates tasks over and over, each under an idempotency key of its own.
final class KeyedCreates implements Loop.Dialogue {
  private static final String ANY_KEY = "bench-0000000000";
  private static final int DIGITS = 10;

  private final byte[] request;
  private final int digitsAt;
  private Samples answered = new Samples();
  private long refused;
  private long keys;

  KeyedCreates(Requests requests, String take) {
    this.request = requests.keyed(take, ANY_KEY);
    this.digitsAt =
        new String(request, StandardCharsets.US_ASCII).indexOf(ANY_KEY) + ANY_KEY.length() - DIGITS;
  }

  @Override
  public byte[] ask(int connection) {
    var digits = Message.ascii(String.format(Locale.ROOT, "%010d", keys++));
    System.arraycopy(digits, 0, request, digitsAt, DIGITS);
    return request;
  }

  @Override
  public void hear(int connection, Message answer, long tookNanos) {
    if (answer.status() == 200) {
      answered.add(tookNanos);
    } else {
      refused++;
    }
  }

  Rate run(Server server, int connections, Duration time) throws IOException {
    answered = new Samples();
    refused = 0;
    try (var loop = new Loop(server.address(), this)) {
      loop.connect(connections);
      long begin = System.nanoTime();
      loop.run(time, () -> false);
      return new Rate(answered, refused + loop.broken(), System.nanoTime() - begin);
    }
  }
}
