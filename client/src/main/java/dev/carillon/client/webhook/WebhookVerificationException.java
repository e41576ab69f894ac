package dev.carillon.client.webhook;

/// A callback that must not be believed, with the reason.
public final class WebhookVerificationException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  WebhookVerificationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Why it must not be believed.
  public Reason reason() {
    return reason;
  }

  /// What can be wrong with a callback.
  public enum Reason {
    /// One of `webhook-id`, `webhook-timestamp`, `webhook-signature` is not there, or empty.
    MISSING_HEADER,
    /// One of them came more than once, so nobody can say which was meant.
    DUPLICATE_HEADER,
    /// The timestamp is no number of seconds.
    BAD_TIMESTAMP,
    /// Signed longer ago than the tolerance: a repeat by somebody else, or a wrong clock here.
    TOO_OLD,
    /// Signed further in the future than the tolerance: a wrong clock on one side.
    TOO_NEW,
    /// No signature fits any of the keys: another secret, or bytes that were changed on the way,
    /// for instance by a framework that read and wrote the JSON again.
    NO_MATCH,
    /// No signature has a version this verifier has a key for: `v1` needs a secret, `v1a` a public
    /// key.
    UNKNOWN_VERSION_ONLY;

    /// True when the request is not a callback at all, false when it is one that is not to be
    /// believed.
    public boolean isMalformed() {
      return this == MISSING_HEADER || this == DUPLICATE_HEADER || this == BAD_TIMESTAMP;
    }
  }
}
