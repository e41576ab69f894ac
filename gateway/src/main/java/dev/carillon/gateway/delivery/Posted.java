package dev.carillon.gateway.delivery;

import java.time.Duration;
import java.util.Optional;

/// What one POST came to, before anything is decided.
///
/// @param status the HTTP status; 0 when none came
/// @param failure why it does not count as delivered; empty for 2xx
/// @param wish what the receiver asked for in its headers
/// @param took the whole attempt
/// @param excerpt the beginning of the answer's body; may be empty
record Posted(int status, Optional<String> failure, Wish wish, Duration took, String excerpt) {

  /// The words that say that the fault is ours; such an attempt is not charged to the receiver.
  static final String OURS = "ours_";

  /// Nothing was sent: the text of the URL was refused.
  static final String BLOCKED_URL = "blocked_url";

  /// Nothing was sent: the address was refused.
  static final String BLOCKED_ADDRESS = "blocked_address";

  /// The proxy that callbacks go through failed or refused.
  static final String PROXY = "ours_proxy";

  /// What a receiver may ask for.
  ///
  /// @param retryAfter `Retry-After`, not negative, not bounded
  /// @param abort `webhook-delivery: abort-message`, no more attempts at this delivery
  /// @param disable `webhook-delivery: disable`, nothing more to this endpoint
  record Wish(Optional<Duration> retryAfter, boolean abort, boolean disable) {
    static final Wish NONE = new Wish(Optional.empty(), false, false);

    /// Nothing but this pause.
    static Wish pause(Duration retryAfter) {
      return new Wish(Optional.of(retryAfter), false, false);
    }
  }

  /// No answer came, for this reason.
  static Posted failed(String failure, Duration took) {
    return new Posted(0, Optional.of(failure), Wish.NONE, took, "");
  }

  /// Nothing was sent, for this reason.
  static Posted unsent(String failure) {
    return failed(failure, Duration.ZERO);
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

  /// The pause that an overloaded receiver asked for: `Retry-After` counts with 429 and 503 alone.
  Optional<Duration> pauseAsked() {
    if (status != 429 && status != 503) {
      return Optional.empty();
    }
    return wish.retryAfter()
        .map(asked ->
            asked.compareTo(DeliveryConfig.LONGEST_RETRY_AFTER) < 0
                ? asked
                : DeliveryConfig.LONGEST_RETRY_AFTER);
  }

  /// What it says about the receiver as a whole.
  Sign sign() {
    if (blocked() || ours()) {
      return Sign.NONE;
    }
    return switch (status) {
      case 429, 502, 503, 504 -> Sign.SICK;
      case 0 -> failure.filter(Posted::tellsOfNoServer).isPresent() ? Sign.SICK : Sign.ALIVE;
      default -> status < 500 ? Sign.ALIVE : Sign.FAILING;
    };
  }

  private static boolean tellsOfNoServer(String word) {
    return word.startsWith("timeout_")
        || word.startsWith("dns_")
        || word.startsWith("connect_")
        || word.startsWith("connection_")
        || word.startsWith("tls_");
  }

  /// What an attempt says about its receiver.
  enum Sign {
    /// It answered, if only that it does not like this request.
    ALIVE,
    /// It answered that it failed at this request.
    FAILING,
    /// It did not answer, or that it, or what stands behind it, cannot cope.
    SICK,
    /// Nothing: the fault is not the receiver's.
    NONE
  }
}
