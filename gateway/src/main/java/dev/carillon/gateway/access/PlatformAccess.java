package dev.carillon.gateway.access;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Rate;
import dev.carillon.gateway.domain.account.AccountId;
import dev.carillon.gateway.domain.account.PlatformToken;
import dev.carillon.gateway.domain.account.PlatformTokenId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/// Admits who manages an account: by platform tokens, which are good for nothing else, as no other
/// token is good here (contract section 1.3). Safe for many threads.
public final class PlatformAccess {
  private static final Rate CALLS = Rate.perSecond(50, 200);

  private final TokenHash hash;
  private final InstantSource clock;
  private final Remembered<PlatformToken> tokens;
  private final Limiter<AccountId> calls;
  private final Failures failures;

  /// A door that remembers nothing yet.
  ///
  /// @param lookup finds a token by its hash
  /// @param uses told of each token about once a second while it is used
  public PlatformAccess(
      AccessConfig config,
      TokenHash hash,
      Function<String, Optional<PlatformToken>> lookup,
      InstantSource clock,
      LastUses<PlatformTokenId> uses) {
    this.hash = hash;
    this.clock = clock;
    this.tokens =
        new Remembered<>(
            config,
            clock,
            hashed -> {
              var found = lookup.apply(hashed).filter(token -> isValid(token, hashed));
              found.ifPresent(token -> uses.note(token.id(), clock.instant()));
              return found;
            });
    this.calls = new Limiter<>("manage", CALLS, config.buckets(), clock);
    this.failures = new Failures(config, clock);
  }

  private static boolean isValid(PlatformToken token, String hashed) {
    return TokenHash.same(token.tokenHash(), hashed) && !token.revoked();
  }

  /// Whose platform token the call carries.
  ///
  /// @throws Problem `no_token`, `invalid_token`, `token_expired`, `too_many_requests`
  public PlatformToken admit(Call call) {
    String token = Bearer.of(call);
    if (!token.startsWith(Access.PLATFORM_PREFIX)) {
      throw new Problem(
          ErrorCode.INVALID_TOKEN, "This needs a platform token, which begins with platform-.");
    }
    PlatformToken found =
        tokens.find(hash.of(token)).orElseThrow(() -> failures.wrong(call.remoteAddress()));
    if (found.expiresAt().isPresent() && !clock.instant().isBefore(found.expiresAt().get())) {
      throw Problem.of(ErrorCode.TOKEN_EXPIRED);
    }
    calls.count(found.account());
    return found;
  }

  /// Forgets which token belongs to whom.
  public void forget() {
    tokens.forget();
  }
}
