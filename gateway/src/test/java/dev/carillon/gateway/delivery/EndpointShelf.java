package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import dev.carillon.gateway.store.EndpointStore;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The port of endpoints and secrets in memory.
final class EndpointShelf implements EndpointStore {
  private final Map<EndpointId, WebhookEndpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<SigningSecret.Owner, List<SigningSecret>> secrets = new ConcurrentHashMap<>();

  private volatile boolean locked;
  private final AtomicInteger refused = new AtomicInteger();

  /// Lets no secret be read from now on.
  void lock() {
    locked = true;
  }

  /// How often it did not.
  int refused() {
    return refused.get();
  }

  WebhookEndpoint put(WebhookEndpoint endpoint) {
    endpoints.put(endpoint.id(), endpoint);
    return endpoint;
  }

  void give(SigningSecret.Owner owner, SigningSecret... newestFirst) {
    secrets.put(owner, List.of(newestFirst));
  }

  @Override
  public boolean createEndpoint(WebhookEndpoint endpoint, SigningSecret secret, int most) {
    put(endpoint);
    give(new SigningSecret.Owner.OfEndpoint(endpoint.id()), secret);
    return true;
  }

  @Override
  public Optional<WebhookEndpoint> endpoint(EndpointId id, ApplicationId application) {
    return Optional.ofNullable(endpoints.get(id));
  }

  @Override
  public List<WebhookEndpoint> endpoints(ApplicationId application) {
    return List.copyOf(endpoints.values());
  }

  @Override
  public Optional<WebhookEndpoint> changeEndpoint(
      EndpointId id,
      ApplicationId application,
      Instant now,
      UnaryOperator<WebhookEndpoint> change) {
    return Optional.ofNullable(endpoints.computeIfPresent(id, (_, old) -> change.apply(old)));
  }

  @Override
  public boolean deleteEndpoint(EndpointId id, ApplicationId application) {
    return endpoints.remove(id) != null;
  }

  @Override
  public List<SigningSecret> secrets(
      SigningSecret.Owner owner, Instant now, Supplier<List<SigningSecret>> initial) {
    if (locked) {
      refused.incrementAndGet();
      throw new StoreUnavailableException("told to refuse");
    }
    return secrets.computeIfAbsent(owner, _ -> initial.get());
  }

  @Override
  public void rotate(SigningSecret.Owner owner, SigningSecret fresh, Instant overlapEnds) {
    var all = new ArrayList<SigningSecret>(List.of(fresh));
    for (SigningSecret old : secrets.getOrDefault(owner, List.of())) {
      all.add(
          old.kind() == fresh.kind()
              ? new SigningSecret(old.kind(), old.text(), old.createdAt(), Optional.of(overlapEnds))
              : old);
    }
    secrets.put(owner, List.copyOf(all));
  }

  @Override
  public int rewriteSecrets(String prefix, int max, Rewriting rewriting) {
    throw new UnsupportedOperationException();
  }
}
