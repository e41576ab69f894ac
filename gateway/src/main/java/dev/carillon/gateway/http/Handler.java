package dev.carillon.gateway.http;

/// Answers calls. Runs on the request's own virtual thread, so it may wait.
@FunctionalInterface
public interface Handler {

  /// The answer to one call.
  ///
  /// @throws Problem for every answer that is an error
  /// @throws InterruptedException when the server closes and the grace is over
  Reply handle(Call call) throws InterruptedException;
}
