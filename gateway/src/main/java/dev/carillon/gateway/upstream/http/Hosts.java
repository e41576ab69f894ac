package dev.carillon.gateway.upstream.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Where addresses a provider names may lead: host names, `*.name` for all below one, `*` for any,
/// which holds for results only and never for calls that carry a key.
///
/// @param base the provider's own address; its host, port and scheme are always allowed
record Hosts(URI base, List<String> patterns) {
  Hosts {
    patterns = patterns.stream().map(pattern -> pattern.toLowerCase(Locale.ROOT)).toList();
  }

  Hosts and(URI other) {
    return new Hosts(other, new ArrayList<>(patterns));
  }

  /// Whether a call that carries a key may go there.
  boolean allowCall(URI address) {
    return isBase(address)
        || ("https".equalsIgnoreCase(address.getScheme())
            && patterns.stream()
                .anyMatch(pattern -> !pattern.equals("*") && fits(pattern, address)));
  }

  /// Whether a result may stand there.
  boolean allowResult(URI address) {
    String scheme = address.getScheme() == null ? "" : address.getScheme();
    boolean web = scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http");
    return web
        && address.getHost() != null
        && address.getUserInfo() == null
        && (isBase(address) || patterns.stream().anyMatch(pattern -> fits(pattern, address)));
  }

  /// Whether it is on the provider's own server.
  boolean isBase(URI address) {
    return address.getHost() != null
        && address.getUserInfo() == null
        && address.getHost().equalsIgnoreCase(base.getHost())
        && port(address) == port(base)
        && base.getScheme().equalsIgnoreCase(address.getScheme());
  }

  /// The port, which may not be written out.
  private static int port(URI address) {
    return address.getPort() >= 0
        ? address.getPort()
        : "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
  }

  private static boolean fits(String pattern, URI address) {
    if (address.getHost() == null || address.getUserInfo() != null) {
      return false;
    }
    String host = address.getHost().toLowerCase(Locale.ROOT);
    return pattern.equals("*")
        || pattern.equals(host)
        || (pattern.startsWith("*.") && host.endsWith(pattern.substring(1)));
  }
}
