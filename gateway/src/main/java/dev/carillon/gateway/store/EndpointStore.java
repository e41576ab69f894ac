package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The verbs of registered endpoints and of the secrets that callbacks are signed with.
public interface EndpointStore {

  /// Registers an endpoint with its first secret. From the next commit on it hears of every event
  /// it asked for.
  ///
  /// @param most how many an application may have
  /// @return false when it has as many already; nothing was written then
  boolean createEndpoint(WebhookEndpoint endpoint, SigningSecret secret, int most);

  /// An endpoint of this application.
  Optional<WebhookEndpoint> endpoint(EndpointId id, ApplicationId application);

  /// All endpoints of an application, oldest first.
  List<WebhookEndpoint> endpoints(ApplicationId application);

  /// Changes an endpoint. When its standing changes, an event of that stands in the feed; when it
  /// becomes active again, what waited is due as before. A new URL holds for all later attempts.
  ///
  /// @param change keeps id, application and time; runs within the transaction, perhaps twice
  /// @return as it is then; empty for an unknown or foreign one
  Optional<WebhookEndpoint> changeEndpoint(
      EndpointId id, ApplicationId application, Instant now, UnaryOperator<WebhookEndpoint> change);

  /// Deletes an endpoint and its secrets; its pending deliveries are dropped.
  ///
  /// @return false for an unknown or foreign one
  boolean deleteEndpoint(EndpointId id, ApplicationId application);

  /// The secrets to sign with now, the newest first; made on first use. Remembered in memory, so it
  /// may be asked for every callback.
  ///
  /// @param initial makes the first ones
  List<SigningSecret> secrets(
      SigningSecret.Owner owner, Instant now, Supplier<List<SigningSecret>> initial);

  /// Rewrites the texts of secrets that do not begin with a prefix, a page in one transaction.
  ///
  /// @param max how many at most
  /// @return how many were rewritten
  int rewriteSecrets(String prefix, int max, Rewriting rewriting);

  /// Gives a secret another text.
  @FunctionalInterface
  interface Rewriting {
    /// The other text.
    ///
    /// @param owner an application or an endpoint
    String text(UUID owner, String before);
  }

  /// Adds a secret; the older ones of its kind are signed with until `overlapEnds` and no longer,
  /// and at most two of those are kept.
  void rotate(SigningSecret.Owner owner, SigningSecret fresh, Instant overlapEnds);
}
