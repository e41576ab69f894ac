package dev.carillon.gateway.http;

import dev.carillon.gateway.http.peer.TrustedProxies;
import java.util.Optional;

/// Where the server listens and how callers reach it.
///
/// @param host the address to listen on
/// @param port the TCP port; 0 for any free one
/// @param publicUrl where callers reach the gateway, without a trailing slash; empty to take the
///   `Host` header of each request
/// @param proxies whose word about a caller's address is taken
public record HttpConfig(
    String host, int port, Optional<String> publicUrl, HttpLimits limits, TrustedProxies proxies) {
  public static final HttpConfig DEFAULTS =
      new HttpConfig("127.0.0.1", 8080, Optional.empty(), HttpLimits.DEFAULTS);

  /// Behind no proxy.
  public HttpConfig(String host, int port, Optional<String> publicUrl, HttpLimits limits) {
    this(host, port, publicUrl, limits, TrustedProxies.NONE);
  }

  /// The same with another port.
  public HttpConfig withPort(int other) {
    return new HttpConfig(host, other, publicUrl, limits, proxies);
  }
}
