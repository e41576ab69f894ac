package dev.carillon.gateway.store;

/// The database cannot be reached or written to now. The caller is answered 503 and may try again.
public final class StoreUnavailableException extends RuntimeException {
  public StoreUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  public StoreUnavailableException(String message) {
    super(message);
  }
}
