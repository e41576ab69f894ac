package dev.carillon.cli;

/// The gateway refused a request for good; asking again would change nothing. Its message is for
/// people and says what to do.
public final class GatewayRefusal extends RuntimeException {
  private final int status;

  GatewayRefusal(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /// The status of the answer; 0 when there was none.
  public int status() {
    return status;
  }
}
