package dev.carillon.client;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One request to the gateway.
///
/// @param path begins with a slash; with its query
/// @param body JSON; empty for none
/// @param limit from the first byte sent to the last byte read
/// @param repeatable whether sending it twice does no more than sending it once
record Call(
    String method,
    String path,
    Map<String, String> headers,
    Optional<String> body,
    Duration limit,
    boolean repeatable) {
  private static final Duration USUAL_LIMIT = Duration.ofSeconds(60);

  static Call get(String path) {
    return new Call("GET", path, Map.of(), Optional.empty(), USUAL_LIMIT, true);
  }

  static Call put(String path, String body) {
    return new Call("PUT", path, Map.of(), Optional.of(body), USUAL_LIMIT, true);
  }

  /// A POST that only reads, or does nothing the second time.
  static Call repeatablePost(String path, String body) {
    return new Call("POST", path, Map.of(), Optional.of(body), USUAL_LIMIT, true);
  }

  /// A POST that must not be sent blindly again.
  static Call post(String path, String body) {
    return new Call("POST", path, Map.of(), Optional.of(body), USUAL_LIMIT, false);
  }

  Call within(Duration limit) {
    return new Call(method, path, headers, body, limit, repeatable);
  }

  Call with(String header, String value) {
    var more = new TreeMap<>(headers);
    more.put(header, value);
    return new Call(method, path, Map.copyOf(more), body, limit, repeatable);
  }
}
