package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Receivers that mean ill.
final class PosterFaultTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress METADATA = InetAddress.ofLiteral("169.254.169.254");

  private final Receiver receiver = Receiver.start();
  private final AtomicInteger lookups = new AtomicInteger();
  private final Poster poster = poster(true, LOOPBACK);

  @AfterEach
  void close() {
    poster.close();
    receiver.close();
  }

  @Test
  void interim_answers_without_end_are_left_at_the_deadline() {
    receiver.on("/", new Reaction.EndlessInterim());

    Posted posted = post(poster);

    assertThat(posted.failure().orElseThrow()).isIn("timeout_headers", "protocol", "too_large");
    assertThat(posted.took()).isLessThan(SHORT.multipliedBy(4));
  }

  @Test
  void headers_without_end_are_refused() {
    receiver.on("/", new Reaction.EndlessHead());

    Posted posted = post(poster);

    assertThat(posted.status()).isZero();
    assertThat(posted.failure()).contains("too_large");
    assertThat(posted.took()).isLessThan(SHORT.multipliedBy(4));
  }

  @Test
  void a_packed_body_is_not_unpacked() {
    receiver.on("/", new Reaction.GzipBomb());

    Posted posted = post(poster);

    assertThat(posted.status()).isEqualTo(200);
    assertThat(posted.failure()).isEmpty();
    assertThat(posted.excerpt()).isEmpty();
  }

  @Test
  void a_redirect_goes_nowhere_be_it_to_itself_or_to_the_metadata_service() {
    receiver.on(
        "/",
        Reaction.redirect(302, receiver.url("/").toString()),
        Reaction.redirect(308, "http://169.254.169.254/latest/meta-data"));

    assertThat(post(poster).failure()).contains("redirect");
    assertThat(post(poster).failure()).contains("redirect");

    assertThat(receiver.count()).isEqualTo(2);
    assertThat(lookups).hasValue(1);
  }

  @Test
  void a_handshake_that_stalls_is_left_at_the_deadline() {
    Posted posted = poster.post(target("https", receiver.port()), Map.of(), new byte[0]);

    assertThat(posted.failure()).contains("timeout_tls");
    assertThat(posted.took()).isBetween(SHORT, SHORT.multipliedBy(4));
  }

  @Test
  void a_name_that_turns_private_between_two_attempts_is_blocked() {
    receiver.on("/", Reaction.status(200, "Connection", "close"));
    try (Poster other = poster(true, LOOPBACK, METADATA)) {
      assertThat(post(other).failure()).isEmpty();
      assertThat(post(other).failure()).contains("blocked_address");
    }
    assertThat(receiver.connections()).isEqualTo(1);
  }

  @Test
  void a_kept_connection_goes_on_to_the_address_that_was_vetted() {
    try (Poster other = poster(true, LOOPBACK, METADATA)) {
      assertThat(post(other).failure()).isEmpty();
      assertThat(post(other).failure()).isEmpty();
    }
    assertThat(receiver.received()).extracting(Received::connection).containsExactly(1, 1);
    assertThat(lookups).hasValue(1);
  }

  @Test
  void one_forbidden_address_among_several_is_enough_in_either_family() {
    for (String inside : List.of("::1", "fd00::1", "10.0.0.1", "169.254.169.254")) {
      GuardedDns.Resolver mixed =
          _ -> List.of(InetAddress.ofLiteral("2606:4700::1111"), InetAddress.ofLiteral(inside));
      try (Poster strict = poster(false, mixed)) {
        assertThat(post(strict).failure()).as(inside).contains("blocked_address");
      }
    }
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void names_that_hang_do_not_hold_up_others() {
    GuardedDns.Resolver some =
        host -> {
          if (host.startsWith("hang")) {
            try {
              Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          return List.of(LOOPBACK);
        };
    try (Poster other = poster(true, some)) {
      for (int i = 0; i < 100; i++) {
        Target hanging = new Target("http", "hang" + i + ".example.com", 80, "/", Optional.empty());
        Thread.ofVirtual().start(() -> other.post(hanging, Map.of(), new byte[0]));
      }
      Posted posted = post(other);

      assertThat(posted.failure()).isEmpty();
    }
  }

  @Test
  void the_excerpt_is_the_beginning_of_the_body_without_what_harms_a_terminal() {
    receiver.on(
        "/",
        answer(400, "bad\r\n\tthing \u001b[31m\u202e\u0000 ünï"),
        answer(500, "é".repeat(3000)),
        answer(200, "x" + "é".repeat(3000)),
        answer(204, ""),
        new Reaction.Answer(200, Map.of("Content-Encoding", "br"), "packed"));

    assertThat(post(poster).excerpt()).isEqualTo("bad   thing \ufffd[31m\ufffd\ufffd ünï");
    assertThat(post(poster).excerpt()).isEqualTo("é".repeat(512));
    assertThat(post(poster).excerpt()).isEqualTo("x" + "é".repeat(511));
    assertThat(post(poster).excerpt()).isEmpty();
    assertThat(post(poster).excerpt()).isEmpty();
  }

  @Test
  void what_the_receiver_asks_for_is_read() {
    receiver.on(
        "/",
        Reaction.status(500, "webhook-delivery", "disable"),
        Reaction.status(500, "Webhook-Delivery", "abort-message"),
        Reaction.status(500, "webhook-delivery", "dance"));

    assertThat(post(poster).wish().disable()).isTrue();
    assertThat(post(poster).wish().abort()).isTrue();
    assertThat(post(poster).wish()).isEqualTo(Posted.Wish.NONE);
  }

  private static Reaction answer(int status, String body) {
    return new Reaction.Answer(status, Map.of(), body);
  }

  private Posted post(Poster with) {
    return with.post(target("http", receiver.port()), Map.of(), new byte[] {0x7B, 0x7D});
  }

  private static Target target(String scheme, int port) {
    return new Target(scheme, "hooks.example.com", port, "/", Optional.empty());
  }

  private Poster poster(boolean allowPrivate, InetAddress first, InetAddress... more) {
    var answers = new ArrayDeque<>(List.of(more));
    return poster(
        allowPrivate, _ -> List.of(lookups.getAndIncrement() == 0 ? first : answers.removeFirst()));
  }

  private static Poster poster(boolean allowPrivate, GuardedDns.Resolver resolver) {
    var config =
        DeliveryConfig.defaults()
            .with(new DeliveryConfig.Addresses(true, allowPrivate))
            .with(new DeliveryConfig.Timeouts(SHORT, SHORT, Duration.ofMillis(300), Duration.ZERO));
    return new Poster(
        config, new AddressGuard(config), Poster.Outside.of(resolver), new HandClock());
  }
}
