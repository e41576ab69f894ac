package dev.carillon.gateway.access;

import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.time.InstantSource;

/// Admits the operator, who has one token and may do everything. Safe for many threads.
public final class AdminAccess {
  private final TokenHash hash;
  private final String wanted;
  private final Failures failures;

  /// @param token the operator's token; only its hash is kept
  public AdminAccess(AccessConfig config, TokenHash hash, String token, InstantSource clock) {
    this.hash = hash;
    this.wanted = hash.of(token);
    this.failures = new Failures(config, clock);
  }

  /// Returns when the call carries the operator's token.
  ///
  /// @throws Problem `no_token`, `invalid_token`, `too_many_requests`
  public void admit(Call call) {
    if (!TokenHash.same(hash.of(Bearer.of(call)), wanted)) {
      throw failures.wrong(call.remoteAddress());
    }
  }
}
