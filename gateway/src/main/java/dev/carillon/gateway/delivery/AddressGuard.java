package dev.carillon.gateway.delivery;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides where callbacks may go, in two stages: [#check] reads the URL's text, and [#permits]
/// looks at each concrete address, after the look-up and again at the moment of connecting.
///
/// Without `allow-private` only public addresses pass, and none of this machine's own. With it,
/// loopback and private addresses pass too. Addresses of metadata services never do.
public final class AddressGuard {
  private static final Set<InetAddress> OWN = ownAddresses();

  private final boolean allowPrivate;
  private final UrlCheck urls;

  public AddressGuard(DeliveryConfig config) {
    this(config.addresses(), UrlCheck.USUAL_LENGTH);
  }

  /// @param longest how many characters a URL may have
  public AddressGuard(DeliveryConfig.Addresses addresses, int longest) {
    boolean http = addresses.allowHttp();
    this.allowPrivate = addresses.allowPrivate();
    this.urls =
        new UrlCheck(
            new UrlCheck.Rules(http, http || allowPrivate, allowPrivate), this::permits, longest);
  }

  /// Checks the text of a URL; looks nothing up.
  Verdict check(String url) {
    return urls.check(url);
  }

  /// True when the text of this URL passes; its address is decided at each connection.
  public boolean accepts(String url) {
    return check(url) instanceof Verdict.Allowed;
  }

  /// Why the text of this URL does not pass; empty when it does.
  public Optional<String> refusal(String url) {
    return check(url) instanceof Verdict.Refused(_, var detail)
        ? Optional.of(detail)
        : Optional.empty();
  }

  /// True when this address may be connected to.
  public boolean permits(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (allowPrivate && AddressRule.isDevelopment(bytes)) {
      return true;
    }
    return AddressRule.isPublic(bytes) && (allowPrivate || !OWN.contains(address));
  }

  /// The addresses of this machine's interfaces at start, without zones.
  private static Set<InetAddress> ownAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .collect(Collectors.toUnmodifiableSet());
    } catch (SocketException e) {
      return Set.of();
    }
  }

  /// The system's resolver.
  static GuardedDns.Resolver systemResolver() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
