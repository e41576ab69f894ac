package dev.carillon.gateway.http.peer;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Tells who calls where proxies stand between: the nearest address that is none of ours, as the
/// proxies told it. What stands further left in their header came from outside and may be made up.
///
/// @param networks of the proxies whose word is taken; empty for none
/// @param header which of the two headers they write; the other one may come from anybody
public record TrustedProxies(List<Network> networks, Header header) {
  /// Nobody's word is taken.
  public static final TrustedProxies NONE = new TrustedProxies(List.of(), Header.X_FORWARDED_FOR);

  /// How many hops are looked at.
  private static final int MOST_HOPS = 32;

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  /// Where proxies say for whom they ask.
  public enum Header {
    X_FORWARDED_FOR("X-Forwarded-For"),
    /// RFC 7239.
    FORWARDED("Forwarded");

    private final String wire;

    Header(String wire) {
      this.wire = wire;
    }
  }

  /// Proxies in these networks.
  ///
  /// @param networks addresses, or networks such as `10.0.0.0/8`
  /// @throws IllegalArgumentException for what is neither
  public static TrustedProxies of(List<String> networks, Header header) {
    return new TrustedProxies(networks.stream().map(Network::parse).toList(), header);
  }

  /// The address of the caller.
  ///
  /// @param peer who is connected to us
  /// @param headers all lines of a header
  public String caller(String peer, Function<String, List<String>> headers) {
    if (networks.isEmpty()) {
      return peer;
    }
    Optional<InetAddress> nearest = address(peer);
    if (nearest.isEmpty() || !isTrusted(nearest.get())) {
      return peer;
    }
    InetAddress caller = nearest.get();
    List<String> hops = hops(headers.apply(header.wire));
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MOST_HOPS); i--) {
      Optional<InetAddress> hop = address(hops.get(i));
      if (hop.isEmpty()) {
        break; // whoever hides behind this one is as good as the proxy that told of it
      }
      caller = hop.get();
      if (!isTrusted(caller)) {
        break;
      }
    }
    return caller.getHostAddress();
  }

  private boolean isTrusted(InetAddress address) {
    return networks.stream().anyMatch(network -> network.holds(address));
  }

  private List<String> hops(List<String> lines) {
    var hops = new ArrayList<String>();
    for (String line : lines) {
      for (String part : line.split(",", -1)) {
        hops.add(header == Header.FORWARDED ? forOf(part) : part.strip());
      }
    }
    return hops;
  }

  /// The value of `for`, without its quotes; empty when it is not there.
  private static String forOf(String element) {
    for (String pair : element.split(";", -1)) {
      String stripped = pair.strip();
      if (stripped.toLowerCase(Locale.ROOT).startsWith("for=")) {
        return stripped.substring("for=".length()).replace("\"", "").strip();
      }
    }
    return "";
  }

  /// An address without its port; empty for a name, which is never looked up.
  private static Optional<InetAddress> address(String text) {
    String bare = text;
    if (text.startsWith("[")) {
      bare = text.substring(1, Math.max(1, text.indexOf(']')));
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      bare = text.substring(0, text.indexOf(':'));
    }
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  /// A range of addresses.
  ///
  /// @param bits how many leading bits are the same
  public record Network(InetAddress first, int bits) {
    static Network parse(String text) {
      int slash = text.indexOf('/');
      InetAddress first = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int all = first.getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > all) {
        throw new IllegalArgumentException(text + " has a prefix that is not 0 to " + all);
      }
      return new Network(first, bits);
    }

    boolean holds(InetAddress address) {
      byte[] ours = first.getAddress();
      byte[] theirs = address.getAddress();
      int whole = bits / Byte.SIZE;
      int rest = bits % Byte.SIZE;
      return ours.length == theirs.length
          && Arrays.equals(ours, 0, whole, theirs, 0, whole)
          && (rest == 0 || (ours[whole] ^ theirs[whole]) >> (Byte.SIZE - rest) == 0);
    }
  }
}
