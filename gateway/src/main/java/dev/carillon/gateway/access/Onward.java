package dev.carillon.gateway.access;

import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.TimeMeter;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The time of a clock as something that only goes on: where the clock is set back, time goes on
/// from where it was. Else a bucket that was emptied while the clock was an hour ahead would fill
/// up only after that hour, and a token would be remembered for as long. Guards itself.
final class Onward implements TimeMeter, Ticker {
  private final InstantSource clock;
  private long last = Long.MIN_VALUE;
  private long added;

  Onward(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized long currentTimeNanos() {
    long now = TimeUnit.MILLISECONDS.toNanos(clock.millis()) + added;
    if (now < last) {
      added += last - now;
      now = last;
    }
    last = now;
    return now;
  }

  @Override
  public long read() {
    return currentTimeNanos();
  }

  @Override
  public boolean isWallClockBased() {
    return true;
  }
}
