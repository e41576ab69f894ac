package dev.carillon.gateway.delivery;

import java.util.Optional;

/// A URL that passed the check, in parts that leave nothing to interpret.
///
/// @param scheme `http` or `https`
/// @param host a name in lower case without trailing dot, or an IP literal without brackets
/// @param port always explicit
/// @param path as sent, with its escapes; not empty
/// @param query as sent, without the question mark
record Target(String scheme, String host, int port, String path, Optional<String> query) {

  /// Its scheme, host and port.
  String origin() {
    return scheme + "://" + host + ":" + port;
  }

  /// Path and query may hold a secret of the receiver, so they do not show.
  @Override
  public String toString() {
    return origin() + "/…";
  }
}
