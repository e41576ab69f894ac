package dev.carillon.gateway.webhook;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.SigningSecret.Kind;
import dev.carillon.gateway.domain.callback.SigningSecret.Owner;
import dev.carillon.gateway.store.EndpointStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/// Makes and rotates signing secrets. Every owner has a current HMAC secret from its first use on;
/// an application has a key pair only once it asked for one.
final class Secrets {
  private final EndpointStore store;
  private final Function<Kind, SigningSecret> fresh;
  private final InstantSource clock;

  Secrets(EndpointStore store, Function<Kind, SigningSecret> fresh, InstantSource clock) {
    this.store = store;
    this.fresh = fresh;
    this.clock = clock;
  }

  /// A secret that is stored nowhere yet.
  SigningSecret fresh(Kind kind) {
    return fresh.apply(kind);
  }

  /// All that an owner's callbacks are signed with now, the newest first.
  List<SigningSecret> of(Owner owner) {
    return store.secrets(owner, clock.instant(), () -> List.of(fresh(Kind.HMAC)));
  }

  /// Makes a new secret of a kind; the older ones stay for the overlap.
  SigningSecret rotate(Owner owner, Kind kind, Duration overlap) {
    var _ = of(owner); // so that there is an HMAC secret, whatever kind is made first
    SigningSecret made = fresh(kind);
    store.rotate(owner, made, made.createdAt().plus(overlap));
    return made;
  }

  /// Makes an application's key pair unless it has one.
  void keyPair(ApplicationId application, Duration overlap) {
    var owner = new Owner.OfApplication(application);
    if (of(owner).stream().noneMatch(secret -> secret.kind() == Kind.ED25519)) {
      var _ = rotate(owner, Kind.ED25519, overlap);
    }
  }
}
