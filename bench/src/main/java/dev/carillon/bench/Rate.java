package dev.carillon.bench;

import java.util.Locale;

/// What a closed loop reached.
///
/// @param answered time of each good answer
/// @param failed answers other than 200, and broken connections
/// @param nanos length of the run
record Rate(Samples answered, long failed, long nanos) {
  double perSecond() {
    return answered.count() / (nanos / 1e9);
  }

  /// Such as `12,345/s, p50 4.2 ms, p99 12.0 ms`.
  String words() {
    var failures = failed == 0 ? "" : String.format(Locale.ROOT, ", %,d failed", failed);
    return String.format(Locale.ROOT, "%,.0f/s, %s%s", perSecond(), answered.words(), failures);
  }
}
