package dev.carillon.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// Ids of created tasks: an even sample of all, and the most recent.
public final class TaskIds {
  private static final int LENGTH = Requests.ANY_ID.length();
  private static final int SAMPLE = 200_000;
  private static final int RECENT = 1_000;

  private final byte[][] sample = new byte[SAMPLE][];
  private final byte[][] recent = new byte[RECENT][];
  private final RandomGenerator random;
  private int count;

  public TaskIds(RandomGenerator random) {
    this.random = random;
  }

  public void add(String id) {
    var bytes = id.getBytes(StandardCharsets.US_ASCII);
    recent[count % RECENT] = bytes;
    int place = count < SAMPLE ? count : random.nextInt(count);
    if (place < SAMPLE) {
      sample[place] = bytes;
    }
    count++;
  }

  public int count() {
    return count;
  }

  public String last() {
    return new String(recent[(count - 1) % RECENT], StandardCharsets.US_ASCII);
  }

  /// Writes any id of the sample into a request.
  public void writeAny(byte[] request, int at) {
    System.arraycopy(sample[random.nextInt(Math.min(count, SAMPLE))], 0, request, at, LENGTH);
  }

  /// Writes one of the most recent ids into a request.
  public void writeRecent(byte[] request, int at) {
    System.arraycopy(recent[random.nextInt(Math.min(count, RECENT))], 0, request, at, LENGTH);
  }
}
