package dev.carillon.gateway.upstream;

import java.time.Duration;

/// Hears of calls to providers, for metrics and for trying definitions out.
public interface UpstreamListener {
  /// Hears nothing.
  UpstreamListener NONE = (_, _) -> {};

  /// A call came to an end.
  void asked(String provider, Call call);

  /// A provider used a word its definition does not know; the job counts as running.
  default void unknownWord(String provider, String word) {}

  /// One call.
  ///
  /// @param step such as `submit` or `poll`
  /// @param line method and address, without anything secret
  /// @param sent the body, or empty
  /// @param result the status, `lost` or `not sent`
  /// @param answer the answer's body, or why there is none
  record Call(String step, String line, String sent, String result, String answer, Duration took) {}
}
