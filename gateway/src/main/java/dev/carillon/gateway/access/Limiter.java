package dev.carillon.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Problem;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// A bucket of calls for each key, at most so many keys. Safe for many threads.
///
/// @param <K> whose calls are counted
final class Limiter<K> {
  private final String name;
  private final AccessConfig.Rate rate;
  private final Cache<K, Bucket> buckets;
  private final TimeMeter meter;

  /// All buckets are full.
  ///
  /// @param name the policy's name in headers: lower-case letters
  Limiter(String name, AccessConfig.Rate rate, int keys, InstantSource clock) {
    this.name = name;
    this.rate = rate;
    this.meter = new ClockMeter(clock);
    // A bucket that was not touched while it filled up is as good as a new one.
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(keys)
            .expireAfterAccess(Duration.ofSeconds(rate.secondsToFill(0) + 1))
            .ticker(meter::currentTimeNanos)
            .build();
  }

  /// Counts one call.
  ///
  /// @throws Problem `too_many_requests` when the bucket is empty; nothing is counted then
  void count(K key) {
    var probe = bucket(key).tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw tooFast(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }
  }

  /// Counts one call even of an empty bucket.
  void countAnyway(K key) {
    bucket(key).tryConsume(1);
  }

  /// Refuses as [#count] would, but counts nothing.
  void check(K key) {
    var present = buckets.getIfPresent(key);
    if (present != null) {
      var estimate = present.estimateAbilityToConsume(1);
      if (!estimate.canBeConsumed()) {
        throw tooFast(Duration.ofNanos(estimate.getNanosToWaitForRefill()));
      }
    }
  }

  private Bucket bucket(K key) {
    return buckets.get(key, _ -> fresh());
  }

  private Bucket fresh() {
    return Bucket.builder()
        .addLimit(limit ->
            limit.capacity(rate.burst()).refillGreedy(rate.perSecond(), Duration.ofSeconds(1)))
        .withCustomTimePrecision(meter)
        .build();
  }

  /// The headers have the form of draft-ietf-httpapi-ratelimit-headers-10: the quota is the bucket,
  /// its window the time an empty bucket takes to be full.
  private Problem tooFast(Duration wait) {
    long window = rate.secondsToFill(0);
    return Problem.of(ErrorCode.TOO_MANY_REQUESTS)
        .retryAfter(wait)
        .header("RateLimit-Policy", '"' + name + "\";q=" + rate.burst() + ";w=" + window)
        .header("RateLimit", '"' + name + "\";r=0;t=" + window);
  }

  /// Bucket4j's clock over ours.
  private record ClockMeter(InstantSource clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }
}
