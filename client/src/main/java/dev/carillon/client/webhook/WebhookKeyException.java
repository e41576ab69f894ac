package dev.carillon.client.webhook;

/// A secret or public key that is not in the form the gateway shows it in. The message says what is
/// wrong and never contains the key.
public final class WebhookKeyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  WebhookKeyException(String message) {
    super(message);
  }
}
