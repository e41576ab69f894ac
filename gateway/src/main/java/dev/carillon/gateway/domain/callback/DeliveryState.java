package dev.carillon.gateway.domain.callback;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Where a delivery stands.
public enum DeliveryState {
  PENDING,
  DELIVERED,
  EXHAUSTED,
  BLOCKED,
  GONE,
  /// Its endpoint was deleted, or a newer event of the same kind took its place.
  DROPPED;

  /// The word on the wire.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The state with this word; empty for another word.
  public static Optional<DeliveryState> ofWord(String word) {
    return Arrays.stream(values()).filter(state -> state.word().equals(word)).findFirst();
  }
}
