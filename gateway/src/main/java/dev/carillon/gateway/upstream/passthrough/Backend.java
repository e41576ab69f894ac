package dev.carillon.gateway.upstream.passthrough;

/// Somebody who answers passed-through calls.
public interface Backend {

  /// Prepares to send a request; nothing is sent yet. To be closed.
  Exchange open(Sent sent);

  /// A request as its provider gets it.
  ///
  /// @param body one JSON object
  /// @param streamed whether it asks for server-sent events
  @SuppressWarnings("ArrayRecordComponent") // goes to the socket untouched
  record Sent(Model model, byte[] body, boolean streamed) {}
}
