package dev.carillon.bench.load;

import java.util.Arrays;
import java.util.Locale;

/// Durations of one measure, in nanoseconds. One thread adds.
public final class Samples {
  private long[] nanos = new long[1 << 16];
  private int count;
  private boolean sorted;

  public void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count] = duration;
    count++;
    sorted = false;
  }

  public int count() {
    return count;
  }

  /// A percentile in milliseconds; 0 when nothing was measured.
  ///
  /// @param share from 0 to 1
  public double millis(double share) {
    if (count == 0) {
      return 0;
    }
    if (!sorted) {
      Arrays.sort(nanos, 0, count);
      sorted = true;
    }
    return nanos[(int) Math.min(count - 1L, (long) (share * count))] / 1e6;
  }

  /// Such as `p50 1.2 ms, p99 8.4 ms`.
  public String words() {
    return String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms", millis(0.5), millis(0.99));
  }

  /// What a closed loop reached.
  ///
  /// @param answered time of each good answer
  /// @param failed answers other than 200, and broken connections
  /// @param nanos length of the run
  public record Rate(Samples answered, long failed, long nanos) {
    public double perSecond() {
      return answered.count() / (nanos / 1e9);
    }

    /// Such as `12,345/s, p50 4.2 ms, p99 12.0 ms`.
    public String words() {
      var failures = failed == 0 ? "" : String.format(Locale.ROOT, ", %,d failed", failed);
      return String.format(Locale.ROOT, "%,.0f/s, %s%s", perSecond(), answered.words(), failures);
    }
  }
}
