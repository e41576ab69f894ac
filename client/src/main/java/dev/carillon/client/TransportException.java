package dev.carillon.client;

/// No whole answer came: no connection, a broken one, or none within the limit.
public final class TransportException extends CarillonException {
  private static final long serialVersionUID = 1L;

  private final boolean sent;

  TransportException(String message, boolean sent, Throwable cause) {
    super(message, cause);
    this.sent = sent;
  }

  /// Whether the request may have reached the gateway. When false it certainly did nothing there.
  public boolean maybeSent() {
    return sent;
  }
}
