package dev.carillon.gateway.domain;

import dev.carillon.api.ErrorCode;

/// Why a task ended without a result: a contract code and one sentence for the caller. The sentence
/// never holds secrets, stack traces or addresses of our own.
public record Reason(ErrorCode code, String message) {

  /// The finish-by time passed.
  public static final Reason TOO_LATE =
      new Reason(ErrorCode.TIMEOUT, "The task did not finish by its finish-by time.");

  /// The reason with the code's own sentence.
  public static Reason of(ErrorCode code) {
    return new Reason(code, code.message());
  }
}
