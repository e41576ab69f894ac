package dev.carillon.gateway.store.transfer;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The places of feeds, as a database with one row of places for all applications can have them.
///
/// Where applications have the same place twice, the places of all are spread: of `n` applications
/// the one with number `i` gets `place * n + i`. The order within a feed stays, and a place that
/// somebody still holds from before is not beyond the same event: it is read again, never passed
/// over.
final class Places {
  private final boolean spread;
  private final long applications;
  private final Map<UUID, Long> numbers = new HashMap<>();
  private long latest;

  /// @param applications how many have a feed
  Places(boolean spread, long applications) {
    this.spread = spread;
    this.applications = applications;
  }

  /// Takes an application's place given last.
  void head(UUID application, long position) {
    numbers.put(application, (long) numbers.size());
    latest = Math.max(latest, of(application, position));
  }

  /// The place given last of all.
  long latest() {
    return latest;
  }

  /// A place in an application's feed.
  long of(@Nullable Object application, long position) {
    if (!spread) {
      return position;
    }
    Long number = numbers.get(application);
    if (number == null) {
      throw new TransferException("the feed of the application " + application + " has no head");
    }
    return Math.addExact(Math.multiplyExact(position, applications), number);
  }
}
