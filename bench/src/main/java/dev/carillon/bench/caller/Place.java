package dev.carillon.bench.caller;

import dev.carillon.client.Carillon;
import java.net.InetSocketAddress;
import java.net.URI;

/// The gateway that is called, and as whom.
public record Place(String url, String token) {
  /// The one that listens at this address.
  public static Place of(InetSocketAddress address, String token) {
    return new Place("http://127.0.0.1:" + address.getPort(), token);
  }

  /// The same by the calls that every compatible server has.
  Carillon compatible() {
    return Carillon.compatibleAt(URI.create(url), token);
  }

  Carillon carillon() {
    return Carillon.at(URI.create(url), token);
  }
}
