package dev.carillon.gateway.store.transfer;

/// A store that is not to be moved, or cannot be; the message is one line and says what to do.
/// Nothing was changed.
public final class TransferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TransferException(String message) {
    super(message);
  }

  TransferException(String message, Throwable cause) {
    super(message, cause);
  }
}
