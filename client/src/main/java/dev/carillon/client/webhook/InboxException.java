package dev.carillon.client.webhook;

/// The inbox cannot be reached, does not work, or has no room.
public final class InboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Without another cause.
  public InboxException(String message) {
    super(message);
  }

  /// With the cause, such as a database's.
  public InboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
