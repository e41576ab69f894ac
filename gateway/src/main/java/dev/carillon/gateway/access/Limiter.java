package dev.carillon.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.http.Problem;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// A bucket of calls for each key, at most so many keys. Safe for many threads.
///
/// @param <K> whose calls are counted
final class Limiter<K> {
  private final String name;
  private final Rate usual;
  private final Cache<K, Counted> buckets;
  private final Onward meter;
  private final Map<K, LongAdder> counted = new ConcurrentHashMap<>();
  private final int most;
  private volatile boolean shared;

  /// All buckets are full.
  ///
  /// @param name the policy's name in headers: lower-case letters
  /// @param usual the rate of keys that have none of their own
  Limiter(String name, Rate usual, int keys, InstantSource clock) {
    this.name = name;
    this.usual = usual;
    this.meter = new Onward(clock);
    this.most = keys;
    // A bucket that was not touched while it filled up is as good as a new one.
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(keys)
            .expireAfter(
                Expiry.<K, Counted>accessing(
                    (_, counted) -> Duration.ofSeconds(counted.rate.secondsToFill(0) + 1)))
            .ticker(meter)
            .build();
  }

  private record Counted(Rate rate, Bucket bucket) {}

  /// Counts one call.
  ///
  /// @throws Problem `too_many_requests` when the bucket is empty; nothing is counted then
  void count(K key) {
    count(key, usual, name);
  }

  /// Counts one call of a key with a rate of its own. Another rate than before begins with a full
  /// bucket.
  ///
  /// @param policy its name in headers
  /// @throws Problem as the other one
  void count(K key, Rate rate, String policy) {
    var probe = bucket(key, rate).tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw tooFast(Standing.of(policy, rate, 0), probe.getNanosToWaitForRefill());
    }
    note(key, 1);
  }

  /// Notes from now on what is counted, for other nodes.
  void share() {
    shared = true;
  }

  private void note(K key, int count) {
    if (shared) {
      LongAdder known = counted.get(key);
      if (known != null) {
        known.add(count);
      } else if (counted.size() < most) {
        counted.computeIfAbsent(key, _ -> new LongAdder()).add(count);
      }
    }
  }

  /// What was counted since the last call.
  Map<K, Long> counted() {
    var taken = new HashMap<K, Long>();
    counted.forEach((key, count) -> {
      long sum = count.sumThenReset();
      if (sum > 0) {
        taken.put(key, sum);
      } else {
        counted.remove(key, count);
      }
    });
    return taken;
  }

  /// Other nodes counted calls of a key. The bucket may be owing afterwards; one that is not known
  /// here is full whatever they did.
  void countedElsewhere(K key, long count) {
    var present = buckets.getIfPresent(key);
    if (present != null) {
      var _ = present.bucket.consumeIgnoringRateLimits(count);
    }
  }

  /// Takes one call back that was counted and then refused for another reason.
  void uncount(K key, Rate rate) {
    bucket(key, rate).addTokens(1);
    note(key, -1);
  }

  /// How a key stands now.
  Standing standing(K key, Rate rate, String policy) {
    return Standing.of(policy, rate, bucket(key, rate).getAvailableTokens());
  }

  /// Counts one call even of an empty bucket.
  void countAnyway(K key) {
    bucket(key, usual).tryConsume(1);
  }

  /// Refuses as [#count] would, but counts nothing.
  void check(K key) {
    var present = buckets.getIfPresent(key);
    if (present != null) {
      var estimate = present.bucket.estimateAbilityToConsume(1);
      if (!estimate.canBeConsumed()) {
        throw tooFast(Standing.of(name, present.rate, 0), estimate.getNanosToWaitForRefill());
      }
    }
  }

  private Bucket bucket(K key, Rate rate) {
    var present = buckets.getIfPresent(key);
    if (present != null && present.rate.equals(rate)) {
      return present.bucket;
    }
    return buckets
        .asMap()
        .compute(key, (_, known) -> known != null && known.rate.equals(rate) ? known : fresh(rate))
        .bucket;
  }

  private Counted fresh(Rate rate) {
    var bucket =
        Bucket.builder()
            .addLimit(limit ->
                limit
                    .capacity(rate.burst())
                    .refillGreedy(rate.perThousandSeconds(), Duration.ofSeconds(1_000)))
            .withCustomTimePrecision(meter)
            .build();
    return new Counted(rate, bucket);
  }

  private static Problem tooFast(Standing standing, long waitNanos) {
    return Problem.of(ErrorCode.TOO_MANY_REQUESTS)
        .retryAfter(Duration.ofNanos(waitNanos))
        .header(Standing.POLICY, standing.policy())
        .header(Standing.STATE, standing.state());
  }
}
