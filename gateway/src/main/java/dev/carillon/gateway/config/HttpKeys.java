package dev.carillon.gateway.config;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// The settings of a gateway behind reverse proxies.
public final class HttpKeys {
  public static final Key<List<String>> TRUSTED_PROXIES =
      new Key<>(
          "http.trusted-proxies",
          "Reverse proxies whose word about a caller's address is taken; empty for none.",
          "addresses and networks such as 10.0.0.0/8 with commas between",
          "",
          HttpKeys::networks);
  public static final Key<String> TRUSTED_HEADER =
      Key.matching(
          "http.trusted-header",
          "x-forwarded-for",
          "x-forwarded-for|forwarded",
          "x-forwarded-for or forwarded",
          "The header in which they tell it; the other one is not looked at.");

  static final List<Key<?>> ALL = List.of(TRUSTED_PROXIES, TRUSTED_HEADER);

  private HttpKeys() {}

  private static List<String> networks(String text) {
    List<String> networks =
        Stream.of(text.split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    networks.forEach(HttpKeys::check);
    return networks;
  }

  private static void check(String network) {
    int slash = network.indexOf('/');
    int bits =
        InetAddress.ofLiteral(slash < 0 ? network : network.substring(0, slash)).getAddress().length
            * Byte.SIZE;
    String prefix = slash < 0 ? "0" : network.substring(slash + 1);
    if (!prefix.matches("\\d{1,3}") || Integer.parseInt(prefix) > bits) {
      throw new IllegalArgumentException(network + " has no prefix of 0 to " + bits);
    }
  }
}
