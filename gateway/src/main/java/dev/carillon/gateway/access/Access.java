package dev.carillon.gateway.access;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.domain.account.CredentialId;
import dev.carillon.gateway.domain.account.Owner;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.store.AccessStore;
import dev.carillon.gateway.store.TaskStore.Room;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Admits callers. Safe for many threads.
public final class Access {
  /// What platform tokens begin with, and no other.
  public static final String PLATFORM_PREFIX = "platform-";

  private static final Set<String> WRITING_METHODS = Set.of("PUT", "PATCH", "DELETE");

  private final TokenHash hash;
  private final InstantSource clock;
  private final Remembered<AccessStore.Access> tokens;
  private final Quotas quotas;
  private final Failures failures;

  /// A door that remembers nothing yet and notes no uses.
  ///
  /// @param lookup finds what belongs to a token's hash, such as [AccessStore#findByTokenHash]
  public Access(
      AccessConfig config,
      TokenHash hash,
      Function<String, Optional<AccessStore.Access>> lookup,
      InstantSource clock) {
    this(config, hash, lookup, clock, new LastUses<>(_ -> {}));
  }

  /// A door that remembers nothing yet and knows no limits but the rates of its configuration.
  ///
  /// @param uses told of each token about once a second while it is used
  public Access(
      AccessConfig config,
      TokenHash hash,
      Function<String, Optional<AccessStore.Access>> lookup,
      InstantSource clock,
      LastUses<CredentialId> uses) {
    this(config, new Tokens(hash, lookup, uses), Quotas.ratesOnly(config, clock), clock);
  }

  /// How tokens are recognised.
  ///
  /// @param lookup finds what belongs to a token's hash
  /// @param uses told of each token about once a second while it is used
  public record Tokens(
      TokenHash hash,
      Function<String, Optional<AccessStore.Access>> lookup,
      LastUses<CredentialId> uses) {}

  /// A door that remembers nothing yet.
  public Access(AccessConfig config, Tokens recognised, Quotas quotas, InstantSource clock) {
    this.hash = recognised.hash();
    this.clock = clock;
    this.quotas = quotas;
    this.tokens =
        new Remembered<>(
            config,
            clock,
            hashed -> {
              var found =
                  recognised.lookup().apply(hashed).filter(access -> isValid(access, hashed));
              found.ifPresent(
                  access -> recognised.uses().note(access.credential().id(), clock.instant()));
              return found;
            });
    this.failures = new Failures(config, clock);
  }

  private static boolean isValid(AccessStore.Access access, String hashed) {
    return TokenHash.same(access.credential().tokenHash(), hashed)
        && !access.credential().revoked();
  }

  /// Who calls. The answer will tell how the caller stands with its limits.
  ///
  /// @param service the service called; empty when the call belongs to none
  /// @throws Problem in the contract's order: `no_token`, `invalid_token`, `token_expired`,
  ///   `token_mismatched`, `disabled`, `too_many_requests`
  public Caller admit(Call call, Optional<String> service, Kind kind) {
    var found = find(Bearer.of(call), call.remoteAddress());
    var credential = found.credential();
    var application = found.application();
    if (credential.expiresAt().isPresent()
        && !clock.instant().isBefore(credential.expiresAt().get())) {
      throw Problem.of(ErrorCode.TOKEN_EXPIRED);
    }
    var caller =
        new Caller(
            new Owner(application.account(), application.id(), credential.id()),
            application.service(),
            credential.grants());
    if (service.isPresent() && !caller.mayUse(service.get())) {
      throw Problem.of(ErrorCode.TOKEN_MISMATCHED);
    }
    if (writes(call, service, kind)) {
      requireWriting(caller);
    }
    if (application.disabled()) {
      throw Problem.of(ErrorCode.DISABLED);
    }
    call.answerWith(() -> quotas.headers(application.id(), service, kind));
    quotas.count(application.id(), service, kind);
    return caller;
  }

  /// How many tasks of a service a caller may have open, the next one included.
  public Room room(Caller caller, String service) {
    return quotas.room(caller, service);
  }

  /// Forgets what belongs to which token, so that the next call asks the store: for whoever takes a
  /// token back or disables an application.
  public void forget() {
    tokens.forget();
  }

  /// Who calls about what belongs to no single service: the feed, endpoints for callbacks.
  ///
  /// @throws Problem as [#admit]; `token_mismatched` also for a token of some services or endpoints
  public Caller admitToAll(Call call, Kind kind) {
    Caller caller = admit(call, Optional.empty(), kind);
    if (!caller.grants().services().isEmpty() || !caller.grants().apis().isEmpty()) {
      throw new Problem(
          ErrorCode.TOKEN_MISMATCHED,
          "This token is for some services or endpoints; this is about the whole application.");
    }
    return caller;
  }

  /// Refuses what changes anything, or shows a secret, to a token that may only read.
  ///
  /// @throws Problem `token_mismatched`
  public static void requireWriting(Caller caller) {
    if (caller.grants().readOnly()) {
      throw new Problem(ErrorCode.TOKEN_MISMATCHED, "This token may only read.");
    }
  }

  /// Of a service, records are asked for by POST; elsewhere a POST changes something.
  private static boolean writes(Call call, Optional<String> service, Kind kind) {
    return kind == Kind.CREATE
        || WRITING_METHODS.contains(call.method())
        || (service.isEmpty() && call.method().equals("POST"));
  }

  private AccessStore.Access find(String token, String address) {
    if (token.startsWith(PLATFORM_PREFIX)) {
      throw Problem.of(ErrorCode.INVALID_TOKEN);
    }
    return tokens.find(hash.of(token)).orElseThrow(() -> failures.wrong(address));
  }
}
