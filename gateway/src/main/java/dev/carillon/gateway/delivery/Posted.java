package dev.carillon.gateway.delivery;

import java.time.Duration;
import java.util.Optional;

/// What one POST came to, before anything is decided.
///
/// @param status the HTTP status; 0 when none came
/// @param failure why it does not count as delivered; empty for 2xx
/// @param retryAfter what the receiver asked for, not negative, not bounded
/// @param took the whole attempt
record Posted(int status, Optional<String> failure, Optional<Duration> retryAfter, Duration took) {

  /// The words that say that the fault is ours; such an attempt is not charged to the receiver.
  static final String OURS = "ours_";

  /// Nothing was sent: the text of the URL was refused.
  static final String BLOCKED_URL = "blocked_url";

  /// Nothing was sent: the address was refused.
  static final String BLOCKED_ADDRESS = "blocked_address";

  /// Nothing was sent, for this reason.
  static Posted unsent(String failure) {
    return new Posted(0, Optional.of(failure), Optional.empty(), Duration.ZERO);
  }

  boolean blocked() {
    return failure.filter(word -> word.startsWith("blocked_")).isPresent();
  }

  boolean ours() {
    return failure.filter(word -> word.startsWith(OURS)).isPresent();
  }

  boolean timedOut() {
    return failure.filter(word -> word.startsWith("timeout_")).isPresent();
  }
}
