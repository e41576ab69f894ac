package dev.carillon.gateway.http;

import java.time.Duration;

/// What one request and one server may use at most.
///
/// @param headBytes the request line, and again all headers together, in bytes
/// @param bodyBytes a body, in bytes
/// @param jsonDepth how deep JSON may nest
/// @param jsonStringChars one JSON string, in characters
/// @param jsonNameChars one JSON field name, in characters
/// @param jsonNumberChars one JSON number, in characters
/// @param idle how long a connection may send nothing, between requests or within one
/// @param read how long a request may take to arrive, from its first byte to the end of its body
/// @param connections open connections; more wait in the kernel's backlog
/// @param backlog connections the kernel holds before they are accepted
/// @param grace how long running requests may go on when the server closes
public record HttpLimits(
    int headBytes,
    int bodyBytes,
    int jsonDepth,
    int jsonStringChars,
    int jsonNameChars,
    int jsonNumberChars,
    Duration idle,
    Duration read,
    int connections,
    int backlog,
    Duration grace) {

  public static final HttpLimits DEFAULTS =
      new HttpLimits(
          16 * 1024,
          2 * 1024 * 1024,
          64,
          2 * 1024 * 1024,
          512,
          64,
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          15_000,
          2_048,
          Duration.ofSeconds(10));
}
