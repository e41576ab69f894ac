package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Estimate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// How long one endpoint's last tasks took. What is left for a task is read from those that took
/// longer than it is old. Guards itself.
final class Durations {
  private static final int MOST = 1_000;
  private static final int FEWEST = 5;
  private static final long LONGEST_MILLIS = Duration.ofDays(20).toMillis();

  /// New samples until the order is made again: a poll must not sort.
  private static final int STALE = 25;

  private final int[] samples = new int[MOST];
  private int count;
  private int next;
  private int[] sorted = {};
  private int unsorted;

  synchronized void add(Duration took) {
    add((int) Math.clamp(took.toMillis(), 0, LONGEST_MILLIS));
  }

  private void add(int millis) {
    samples[next] = millis;
    next = (next + 1) % MOST;
    count = Math.min(MOST, count + 1);
    unsorted++;
  }

  /// What is left for a task this old; empty while too few are known, or none took that long.
  Optional<Estimate> left(Duration age) {
    int[] known = known();
    int ageMillis = (int) Math.clamp(age.toMillis(), 0, LONGEST_MILLIS);
    int faster = faster(known, ageMillis);
    int slower = known.length - faster;
    if (known.length < FEWEST || slower == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Estimate(
            Duration.ofMillis(known[faster + slower / 2] - ageMillis),
            Duration.ofMillis(known[faster + slower * 9 / 10] - ageMillis)));
  }

  private synchronized int[] known() {
    if (unsorted >= STALE || (unsorted > 0 && sorted.length < STALE)) {
      sorted = Arrays.copyOf(samples, count);
      Arrays.sort(sorted);
      unsorted = 0;
    }
    return sorted;
  }

  /// How many samples are not longer than an age.
  private static int faster(int[] known, int ageMillis) {
    int low = 0;
    int high = known.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (known[middle] <= ageMillis) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  synchronized byte[] encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(count * Integer.BYTES);
    for (int i = 0; i < count; i++) {
      bytes.putInt(samples[(next - count + i + MOST) % MOST]);
    }
    return bytes.array();
  }

  /// What was learned before, oldest first; bytes of another form are read as far as they go.
  static Durations decoded(byte[] bytes) {
    var durations = new Durations();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.remaining() >= Integer.BYTES) {
      durations.add(Math.max(0, buffer.getInt()));
    }
    return durations;
  }
}
