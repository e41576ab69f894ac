package dev.carillon.gateway.delivery;

import java.net.UnknownHostException;

/// A name look-up that came to no verdict about the name.
final class LookupException extends UnknownHostException {
  private final String failure;

  /// @param failure the word for the receipt, such as `timeout_dns`
  LookupException(String failure) {
    super(failure);
    this.failure = failure;
  }

  String failure() {
    return failure;
  }
}
