package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.gateway.delivery.DeliveryConfig.EgressProxy;
import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callbacks through a proxy, which looks the receivers' names up by itself.
final class PosterProxyTest {
  private static final String NAME = "hooks.example.com";

  @Test
  void http_goes_in_absolute_form_and_its_name_is_not_looked_up_here() throws IOException {
    try (Receiver receiver = Receiver.start();
        TinyProxy proxy = TinyProxy.to(receiver.port());
        Poster poster = poster(proxy.address(), Optional.empty())) {
      assertThat(post(poster, "http", 80).failure()).isEmpty();

      assertThat(proxy.lines()).containsExactly("POST http://" + NAME + "/in HTTP/1.1");
      assertThat(receiver.received().getFirst().header("host")).contains(NAME);
    }
  }

  @Test
  void https_goes_through_a_tunnel_and_its_certificate_is_verified(@TempDir Path folder)
      throws Exception {
    var certificates = new Certificates(folder);
    try (Receiver receiver = Receiver.startSecure(certificates.signed("good", NAME, "-1d"));
        TinyProxy proxy = TinyProxy.to(receiver.port())) {
      try (Poster poster = poster(proxy.address(), Optional.of(certificates.trust()))) {
        assertThat(post(poster, "https", 443).failure()).isEmpty();
        assertThat(receiver.count()).isEqualTo(1);
      }
      try (Poster doubting = poster(proxy.address(), Optional.empty())) {
        assertThat(post(doubting, "https", 443).failure()).contains("tls_cert");
        assertThat(receiver.count()).isEqualTo(1);
      }
      assertThat(proxy.lines()).containsOnly("CONNECT " + NAME + ":443 HTTP/1.1");
    }
  }

  @Test
  void a_proxy_that_is_not_there_is_our_fault() throws IOException {
    int port;
    try (var closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    try (Poster poster = poster(new EgressProxy("proxy.internal", port), Optional.empty());
        Poster unknown = poster(new EgressProxy("unknown.internal", port), Optional.empty())) {
      for (String scheme : List.of("http", "https")) {
        assertThat(post(poster, scheme, 443).failure()).contains("ours_proxy");
        assertThat(post(unknown, scheme, 443).failure()).contains("ours_proxy");
      }
    }
  }

  @Test
  void a_proxy_that_refuses_is_our_fault_and_one_that_cannot_reach_the_receiver_is_not()
      throws IOException {
    try (TinyProxy forbidding = TinyProxy.refusing("407 Proxy Authentication Required");
        Poster poster = poster(forbidding.address(), Optional.empty())) {
      assertThat(post(poster, "https", 443).failure()).contains("ours_proxy");
      assertThat(post(poster, "http", 80).failure()).contains("ours_proxy");
    }
    try (TinyProxy trying = TinyProxy.refusing("503 No Route");
        Poster poster = poster(trying.address(), Optional.empty())) {
      assertThat(post(poster, "https", 443).failure()).contains("connect_unreachable");
    }
  }

  @Test
  void the_text_of_a_url_is_checked_as_without_a_proxy() {
    var guard =
        new AddressGuard(DeliveryConfig.defaults().with(new EgressProxy("proxy.internal", 3128)));

    assertThat(guard.accepts("https://" + NAME + "/")).isTrue();
    assertThat(guard.accepts("http://169.254.169.254/")).isFalse();
    assertThat(guard.accepts("http://localhost/")).isFalse();
  }

  @Test
  void the_proxys_address_is_read_strictly() {
    assertThat(EgressProxy.parse("http://p:8080")).isEqualTo(new EgressProxy("p", 8080));
    assertThat(EgressProxy.parse("http://p/")).isEqualTo(new EgressProxy("p", 3128));
    assertThat(EgressProxy.parse("http://[::1]:1")).isEqualTo(new EgressProxy("::1", 1));
    for (String bad : List.of("p:8080", "https://p", "http://u:p@p", "http://p/x", "socks://p")) {
      assertThatIllegalArgumentException().isThrownBy(() -> EgressProxy.parse(bad));
    }
  }

  private static Posted post(Poster poster, String scheme, int port) {
    var target = new Target(scheme, NAME, port, "/in", Optional.empty());
    return poster.post(target, Map.of(), new byte[] {0x7B, 0x7D});
  }

  private static Poster poster(EgressProxy proxy, Optional<X509TrustManager> trust) {
    GuardedDns.Resolver resolver =
        host -> {
          if (host.equals("proxy.internal")) {
            return List.of(InetAddress.getLoopbackAddress());
          }
          throw new UnknownHostException(host);
        };
    var limit = Duration.ofSeconds(10);
    var config =
        DeliveryConfig.defaults()
            .with(new DeliveryConfig.Timeouts(limit, limit, limit, Duration.ZERO))
            .with(proxy);
    return new Poster(
        config, new AddressGuard(config), new Poster.Outside(resolver, trust), new HandClock());
  }
}
