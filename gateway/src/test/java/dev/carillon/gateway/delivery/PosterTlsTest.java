package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Receivers with good and bad certificates.
final class PosterTlsTest {
  private static final String NAME = "hooks.example.com";

  @TempDir private static Path folder;
  private static Certificates certificates;
  private static SSLContext good;

  @BeforeAll
  static void makeAuthority() throws Exception {
    certificates = new Certificates(folder);
    good = certificates.signed("good", NAME, "-1d");
  }

  @Test
  void a_certificate_that_is_in_order_is_taken_and_its_connection_kept() throws Exception {
    try (Receiver receiver = Receiver.startSecure(good);
        Poster poster = poster(true)) {
      assertThat(post(poster, receiver).failure()).isEmpty();
      assertThat(post(poster, receiver).failure()).isEmpty();

      assertThat(receiver.received()).hasSize(2);
      assertThat(receiver.connections()).isEqualTo(1);
    }
  }

  @Test
  void an_expired_certificate_is_refused() throws Exception {
    assertRefused(certificates.signed("expired", NAME, "-10d"), true);
  }

  @Test
  void one_for_another_name_is_refused() throws Exception {
    assertRefused(certificates.signed("wrong", "other.example.com", "-1d"), true);
  }

  @Test
  void one_that_signed_itself_is_refused() throws Exception {
    assertRefused(certificates.selfSigned("self", NAME), true);
  }

  @Test
  void an_authority_that_the_machine_does_not_know_is_refused() throws Exception {
    assertRefused(good, false);
  }

  private static void assertRefused(SSLContext context, boolean knowsAuthority)
      throws IOException, GeneralSecurityException {
    try (Receiver receiver = Receiver.startSecure(context);
        Poster poster = poster(knowsAuthority)) {
      Posted posted = post(poster, receiver);

      assertThat(posted.failure()).contains("tls_cert");
      assertThat(posted.status()).isZero();
      assertThat(receiver.received()).isEmpty();
    }
  }

  private static Posted post(Poster poster, Receiver receiver) {
    var target = new Target("https", NAME, receiver.port(), "/", Optional.empty());
    return poster.post(target, Map.of(), new byte[0]);
  }

  private static Poster poster(boolean knowsAuthority)
      throws IOException, GeneralSecurityException {
    var limit = Duration.ofSeconds(20);
    var config =
        DeliveryConfig.defaults()
            .with(new DeliveryConfig.Addresses(true, true))
            .with(new DeliveryConfig.Timeouts(limit, limit, limit, Duration.ZERO));
    var outside =
        new Poster.Outside(
            _ -> List.of(InetAddress.getLoopbackAddress()),
            knowsAuthority ? Optional.of(certificates.trust()) : Optional.empty());
    return new Poster(config, new AddressGuard(config), outside, new HandClock());
  }
}
