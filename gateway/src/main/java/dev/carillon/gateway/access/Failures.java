package dev.carillon.gateway.access;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.http.Problem;
import java.time.InstantSource;

/// Slows down who tries wrong tokens, by address. Only those who fail are slowed down: others may
/// share their address. Safe for many threads.
final class Failures {
  private final Limiter<String> limiter;

  Failures(AccessConfig config, InstantSource clock) {
    this.limiter = new Limiter<>("failures", config.failures(), config.buckets(), clock);
  }

  /// The answer to a wrong token, which is counted.
  ///
  /// @throws Problem `too_many_requests` when this address has tried too many
  Problem wrong(String address) {
    limiter.check(address);
    limiter.countAnyway(address);
    return Problem.of(ErrorCode.INVALID_TOKEN);
  }
}
