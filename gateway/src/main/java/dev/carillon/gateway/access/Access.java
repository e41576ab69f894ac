package dev.carillon.gateway.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.ApplicationId;
import dev.carillon.gateway.domain.Caller;
import dev.carillon.gateway.domain.Owner;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.AccessStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Admits callers. Safe for many threads.
public final class Access {
  private static final String PLATFORM_PREFIX = "platform-";
  private static final int TOKEN_CHARS = 256;

  private final TokenHash hash;
  private final Function<String, Optional<AccessStore.Access>> lookup;
  private final InstantSource clock;
  private final Cache<String, AccessStore.Access> known;
  private final Cache<String, Boolean> unknown;
  private final Limiter<ApplicationId> creations;
  private final Limiter<ApplicationId> queries;
  private final Limiter<String> failures;

  /// A door that remembers nothing yet.
  ///
  /// @param lookup finds what belongs to a token's hash, such as [AccessStore#findByTokenHash]
  public Access(
      AccessConfig config,
      TokenHash hash,
      Function<String, Optional<AccessStore.Access>> lookup,
      InstantSource clock) {
    this.hash = hash;
    this.lookup = lookup;
    this.clock = clock;
    this.known = remembering(config, clock);
    this.unknown = remembering(config, clock);
    this.creations = new Limiter<>("create", config.create(), config.buckets(), clock);
    this.queries = new Limiter<>("query", config.query(), config.buckets(), clock);
    this.failures = new Limiter<>("failures", config.failures(), config.buckets(), clock);
  }

  private static <V> Cache<String, V> remembering(AccessConfig config, InstantSource clock) {
    return Caffeine.newBuilder()
        .maximumSize(config.tokens())
        .expireAfterWrite(config.remembered())
        .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
        .build();
  }

  /// Who calls.
  ///
  /// @param service the service called; empty when the call belongs to none
  /// @throws Problem in the contract's order: `no_token`, `invalid_token`, `token_expired`,
  ///   `token_mismatched`, `disabled`, `too_many_requests`
  public Caller admit(Call call, Optional<String> service, Kind kind) {
    var found = find(bearer(call), call.remoteAddress());
    var credential = found.credential();
    var application = found.application();
    if (credential.expiresAt().isPresent()
        && !clock.instant().isBefore(credential.expiresAt().get())) {
      throw Problem.of(ErrorCode.TOKEN_EXPIRED);
    }
    var caller =
        new Caller(
            new Owner(application.account(), application.id(), credential.id()),
            application.service());
    if (service.isPresent() && !caller.mayUse(service.get())) {
      throw Problem.of(ErrorCode.TOKEN_MISMATCHED);
    }
    if (application.disabled()) {
      throw Problem.of(ErrorCode.DISABLED);
    }
    (kind == Kind.CREATE ? creations : queries).count(application.id());
    return caller;
  }

  /// Forgets what belongs to which token, so that the next call asks the store: for whoever takes a
  /// token back or disables an application.
  public void forget() {
    known.invalidateAll();
    unknown.invalidateAll();
  }

  private AccessStore.Access find(String token, String address) {
    String hashed = hash.of(token);
    var remembered = known.getIfPresent(hashed);
    if (remembered != null) {
      return remembered;
    }
    if (unknown.getIfPresent(hashed) != null) {
      throw wrong(address);
    }
    var found =
        lookup
            .apply(hashed)
            .filter(access -> TokenHash.same(access.credential().tokenHash(), hashed))
            .filter(access -> !access.credential().revoked());
    if (found.isEmpty()) {
      unknown.put(hashed, true);
      throw wrong(address);
    }
    known.put(hashed, found.get());
    return found.get();
  }

  private String bearer(Call call) {
    String header =
        call.header("Authorization").orElseThrow(() -> Problem.of(ErrorCode.NO_TOKEN)).strip();
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String token = space < 0 ? "" : header.substring(space + 1).strip();
    boolean wellFormed =
        scheme.equalsIgnoreCase("Bearer")
            && !token.isEmpty()
            && token.length() <= TOKEN_CHARS
            && token.chars().allMatch(c -> c > ' ' && c < 0x7f)
            && !token.startsWith(PLATFORM_PREFIX);
    if (!wellFormed) {
      throw Problem.of(ErrorCode.INVALID_TOKEN);
    }
    return token;
  }

  /// Only those who fail are slowed down: others may share their address.
  private Problem wrong(String address) {
    failures.check(address);
    failures.countAnyway(address);
    return Problem.of(ErrorCode.INVALID_TOKEN);
  }
}
