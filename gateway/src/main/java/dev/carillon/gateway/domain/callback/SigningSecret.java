package dev.carillon.gateway.domain.callback;

import dev.carillon.gateway.domain.account.ApplicationId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// A secret that callbacks are signed with.
///
/// @param text in its wire form: `whsec_` and Base64 for `v1`, `whsk_` and Base64 for `v1a`
/// @param expiresAt when it is signed with no longer, as a newer one took its place; empty for the
///   current one
public record SigningSecret(
    Kind kind, String text, Instant createdAt, Optional<Instant> expiresAt) {

  /// How it signs (Standard Webhooks 1.0.0).
  public enum Kind {
    /// HMAC-SHA256, `v1`.
    HMAC,
    /// Ed25519, `v1a`.
    ED25519
  }

  @Override
  public String toString() {
    return "SigningSecret(" + kind + ", hidden)";
  }

  /// Whose callbacks it signs: those to one registered endpoint, or those to the `callback_url`s of
  /// an application.
  public sealed interface Owner {
    UUID value();

    record OfApplication(ApplicationId application) implements Owner {
      @Override
      public UUID value() {
        return application.value();
      }
    }

    record OfEndpoint(EndpointId endpoint) implements Owner {
      @Override
      public UUID value() {
        return endpoint.value();
      }
    }
  }
}
