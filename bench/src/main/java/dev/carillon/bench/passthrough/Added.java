package dev.carillon.bench.passthrough;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/// The median time of a call directly and through the gateway. Both are asked in turns, so that
/// both meet the machine in the same mood.
///
/// @param directMillis at the provider
/// @param passedMillis through the gateway
public record Added(double directMillis, double passedMillis) {

  /// What is measured.
  public enum Until {
    /// An answer in one piece, to its last byte.
    WHOLE,
    /// An answer in pieces, to its first byte.
    FIRST
  }

  /// Measures for some time on one connection each.
  public static Added measure(
      Until until,
      InetSocketAddress provider,
      InetSocketAddress gateway,
      String token,
      Duration time)
      throws IOException {
    var direct = new long[1 << 20];
    var passed = new long[1 << 20];
    int count = 0;
    try (var to = new Caller(provider, "none");
        var through = new Caller(gateway, token)) {
      long end = System.nanoTime() + time.toNanos();
      while (System.nanoTime() < end && count < direct.length) {
        direct[count] = until == Until.WHOLE ? to.whole() : to.first();
        passed[count] = until == Until.WHOLE ? through.whole() : through.first();
        count++;
      }
    }
    return new Added(median(direct, count), median(passed, count));
  }

  private static double median(long[] nanos, int count) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return count == 0 ? 0 : sorted[count / 2] / 1e6;
  }

  /// Such as `p50 0.1 ms directly, 1.3 ms passed through: 1.2 ms added`.
  public String words() {
    return String.format(
        Locale.ROOT,
        "p50 %.2f ms directly, %.2f ms passed through: %.2f ms added",
        directMillis,
        passedMillis,
        passedMillis - directMillis);
  }
}
