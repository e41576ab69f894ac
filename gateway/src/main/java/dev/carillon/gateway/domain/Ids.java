package dev.carillon.gateway.domain;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// Makes time-ordered ids: UUID version 7 (RFC 9562, section 5.7).
///
/// Ids of one maker sort by the time they were made, also within one millisecond and when the clock
/// steps back, so a new row always lands at the right edge of its index. Safe for many threads.
public final class Ids {
  private static final long COUNTER_BITS = 12;
  private static final long LAST_SECOND = (1L << 48) / 1_000 - 1;

  private final InstantSource clock;
  private final RandomGenerator random;
  private long lastTick; // guarded by this: milliseconds and a 12-bit counter in one number

  /// @param clock where the time part comes from
  /// @param random where the random part comes from; must be safe for many threads
  public Ids(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /// A new id, greater than all before it from this maker.
  public UUID next() {
    long tick = nextTick();
    long high = (tick >>> COUNTER_BITS) << 16 | 0x7000L | (tick & ((1L << COUNTER_BITS) - 1));
    long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  private synchronized long nextTick() {
    lastTick = Math.max(lastTick + 1, clock.millis() << COUNTER_BITS);
    return lastTick;
  }

  /// The milliseconds since the Unix epoch at which a version 7 id was made.
  public static long millisOf(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }

  /// The smallest version 7 id of a millisecond, for range reads by time.
  public static UUID floorOf(Instant time) {
    // The range of times an id can hold is smaller than that of an `Instant`.
    return floorOf(
        Math.clamp(time.getEpochSecond(), 0, LAST_SECOND) * 1_000 + time.getNano() / 1_000_000);
  }

  /// The smallest version 7 id of a millisecond, for range reads by time.
  public static UUID floorOf(long epochMillis) {
    return new UUID(epochMillis << 16 | 0x7000L, 0x8000_0000_0000_0000L);
  }
}
