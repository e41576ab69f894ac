package dev.carillon.gateway.http;

/// Hears of every answered request, after its answer. Called on the request's thread, so it only
/// counts.
@FunctionalInterface
public interface RequestListener {
  RequestListener NONE = (_, _, _) -> {};

  /// Counts one request.
  ///
  /// @param route the matched pattern, or `none`
  /// @param status the HTTP status
  /// @param nanos from the head's arrival to the last byte handed to the socket
  void answered(String route, int status, long nanos);
}
