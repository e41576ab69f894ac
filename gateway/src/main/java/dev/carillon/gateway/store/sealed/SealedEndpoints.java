package dev.carillon.gateway.store.sealed;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.EndpointStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Seals signing secrets on their way into a store and opens them on their way out. Without a key
/// they stay as they are; where another node began to seal them meanwhile, they cannot be read
/// here.
final class SealedEndpoints implements EndpointStore {
  private final EndpointStore inner;
  private final Optional<Seal> seal;
  private volatile boolean readable = true;

  SealedEndpoints(EndpointStore inner, Optional<Seal> seal) {
    this.inner = inner;
    this.seal = seal;
  }

  /// False once a secret came that is sealed while there is no key: only a restart mends that.
  boolean isReadable() {
    return readable;
  }

  private SigningSecret sealed(UUID owner, SigningSecret secret) {
    return seal.map(with -> with(secret, with.seal(owner, secret.text()))).orElse(secret);
  }

  /// @throws StoreUnavailableException without its key
  private SigningSecret opened(UUID owner, SigningSecret secret) {
    if (seal.isPresent()) {
      return with(secret, seal.get().open(owner, secret.text()));
    }
    if (Seal.isSealed(secret.text())) {
      readable = false;
      throw new StoreUnavailableException(
          "another node sealed the secrets with the key %s; set the same secrets.key here"
              .formatted(Seal.keyName(secret.text())));
    }
    return secret;
  }

  private static SigningSecret with(SigningSecret secret, String text) {
    return new SigningSecret(secret.kind(), text, secret.createdAt(), secret.expiresAt());
  }

  @Override
  public boolean createEndpoint(WebhookEndpoint endpoint, SigningSecret secret, int most) {
    return inner.createEndpoint(endpoint, sealed(endpoint.id().value(), secret), most);
  }

  @Override
  public List<SigningSecret> secrets(
      SigningSecret.Owner owner, Instant now, Supplier<List<SigningSecret>> initial) {
    UUID id = owner.value();
    Supplier<List<SigningSecret>> first =
        () -> initial.get().stream().map(secret -> sealed(id, secret)).toList();
    return inner.secrets(owner, now, first).stream().map(secret -> opened(id, secret)).toList();
  }

  @Override
  public void rotate(SigningSecret.Owner owner, SigningSecret fresh, Instant overlapEnds) {
    inner.rotate(owner, sealed(owner.value(), fresh), overlapEnds);
  }

  @Override
  public int rewriteSecrets(String prefix, int max, Rewriting rewriting) {
    return inner.rewriteSecrets(prefix, max, rewriting);
  }

  @Override
  public Optional<WebhookEndpoint> endpoint(EndpointId id, ApplicationId application) {
    return inner.endpoint(id, application);
  }

  @Override
  public List<WebhookEndpoint> endpoints(ApplicationId application) {
    return inner.endpoints(application);
  }

  @Override
  public Optional<WebhookEndpoint> changeEndpoint(
      EndpointId id,
      ApplicationId application,
      Instant now,
      UnaryOperator<WebhookEndpoint> change) {
    return inner.changeEndpoint(id, application, now, change);
  }

  @Override
  public boolean deleteEndpoint(EndpointId id, ApplicationId application) {
    return inner.deleteEndpoint(id, application);
  }
}
