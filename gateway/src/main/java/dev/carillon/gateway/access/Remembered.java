package dev.carillon.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// What belongs to which token's hash, remembered for about a second, right and wrong ones apart so
/// that a flood of wrong ones pushes no right one out. Nothing that was looked up before [#forget]
/// is remembered after it. Safe for many threads.
///
/// @param <V> what belongs to a token
final class Remembered<V> {
  private final Function<String, Optional<V>> lookup;
  private final Cache<String, V> known;
  private final Cache<String, Boolean> unknown;
  private final AtomicLong generation = new AtomicLong();

  /// @param lookup asks the store; told of each token about once a second while it is used
  Remembered(AccessConfig config, InstantSource clock, Function<String, Optional<V>> lookup) {
    this.lookup = lookup;
    this.known = remembering(config, clock);
    this.unknown = remembering(config, clock);
  }

  private static <V> Cache<String, V> remembering(AccessConfig config, InstantSource clock) {
    return Caffeine.newBuilder()
        .maximumSize(config.tokens())
        .expireAfterWrite(config.remembered())
        .ticker(new Onward(clock))
        .build();
  }

  /// What belongs to a hash; empty for a wrong one.
  Optional<V> find(String hash) {
    V remembered = known.getIfPresent(hash);
    if (remembered != null) {
      return Optional.of(remembered);
    }
    return unknown.getIfPresent(hash) == null ? ask(hash) : Optional.empty();
  }

  private Optional<V> ask(String hash) {
    long before = generation.get();
    Optional<V> found = lookup.apply(hash);
    if (found.isPresent()) {
      known.put(hash, found.get());
    } else {
      unknown.put(hash, true);
    }
    if (generation.get() != before) {
      known.invalidate(hash);
      unknown.invalidate(hash);
    }
    return found;
  }

  /// Asks the store again for every token.
  void forget() {
    generation.incrementAndGet();
    known.invalidateAll();
    unknown.invalidateAll();
  }
}
