package dev.carillon.gateway.webhook;

import dev.carillon.gateway.domain.callback.Receipt;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What this room needs of the one that sends.
///
/// @param refusal why the text of a URL is not taken, as the end of a sentence; empty when it is
/// @param fresh a new secret, or a new key pair, made now
/// @param keys the public half of key pairs
/// @param test sends one test event
public record Sending(
    Function<String, Optional<String>> refusal,
    Function<SigningSecret.Kind, SigningSecret> fresh,
    PublicKeys keys,
    TestCall test) {

  /// Tells the public half of an Ed25519 secret.
  public interface PublicKeys {
    /// In its wire form, `whpk_` and Base64 of 32 bytes.
    String text(SigningSecret secret);

    /// The members of a JSON Web Key (RFC 8037).
    Map<String, String> jwk(SigningSecret secret);
  }

  /// Sends an endpoint one signed test event, whatever its standing. Nothing is stored.
  @FunctionalInterface
  public interface TestCall {
    Tested send(WebhookEndpoint endpoint);
  }

  /// A test event and what came back.
  ///
  /// @param headers as they were sent
  /// @param body as it was sent
  /// @param receipt what came back; nothing follows on it
  public record Tested(Map<String, String> headers, String body, Receipt receipt) {
    public Tested {
      headers = Map.copyOf(headers);
    }
  }
}
