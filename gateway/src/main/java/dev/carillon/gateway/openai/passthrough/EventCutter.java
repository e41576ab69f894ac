package dev.carillon.gateway.openai.passthrough;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/// Cuts a stream of server-sent events at the blank lines between them. Of one thread.
final class EventCutter {
  private static final int LARGEST = 8 << 20;
  private static final int SMALLEST = 8 << 10;

  private byte[] kept = new byte[SMALLEST];
  private int from;
  private int to;
  private int seen;

  /// Adds what arrived.
  ///
  /// @throws IOException when an event is larger than 8 MiB
  void add(byte[] bytes, int count) throws IOException {
    int left = to - from;
    if (left + count > LARGEST) {
      throw new IOException("an event is larger than " + LARGEST + " bytes");
    }
    if (to + count > kept.length) {
      kept = Arrays.copyOfRange(kept, from, from + Math.max(SMALLEST, 2 * (left + count)));
      seen -= from;
      to = left;
      from = 0;
    }
    System.arraycopy(bytes, 0, kept, to, count);
    to += count;
  }

  /// The next whole event with the blank line at its end; empty until it has arrived.
  Optional<byte[]> next() {
    for (int at = Math.max(seen, from); at < to; at++) {
      if (kept[at] == '\n'
          && (isBreak(at - 1) || (at - 1 >= from && kept[at - 1] == '\r' && isBreak(at - 2)))) {
        byte[] event = Arrays.copyOfRange(kept, from, at + 1);
        from = at + 1;
        seen = from;
        return Optional.of(event);
      }
    }
    seen = to;
    return Optional.empty();
  }

  private boolean isBreak(int at) {
    return at >= from && kept[at] == '\n';
  }

  /// What is left at the end of the stream: an event without its blank line.
  byte[] rest() {
    byte[] rest = Arrays.copyOfRange(kept, from, to);
    from = to;
    return rest;
  }
}
