package dev.carillon.gateway.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.HandClock;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PosterTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final byte[] BODY = "{\"n\":1}".getBytes(StandardCharsets.UTF_8);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private final Receiver receiver = Receiver.start();
  private final Poster poster = poster(true, AddressGuard.systemResolver());

  @AfterEach
  void close() {
    poster.close();
    receiver.close();
  }

  @Test
  void the_request_is_as_documented() {
    poster.post(target("/in/a%20b?x=1&y=%2F"), Map.of("webhook-id", "id-1"), BODY);

    Received request = receiver.received().getFirst();
    assertThat(request.head()).startsWith("POST /in/a%20b?x=1&y=%2F HTTP/1.1\r\n");
    assertThat(request.body()).isEqualTo(BODY);
    assertThat(request.header("content-type")).contains("application/json");
    assertThat(request.header("content-length")).contains("7");
    assertThat(request.header("accept-encoding")).contains("identity");
    assertThat(request.header("user-agent").orElseThrow()).startsWith("Carillon/");
    assertThat(request.header("webhook-id")).contains("id-1");
    assertThat(request.header("host")).contains("127.0.0.1:" + receiver.port());
    assertThat(request.headers()).doesNotContainKeys("cookie", "authorization", "expect");
  }

  @Test
  void an_encoded_line_break_stays_encoded() {
    poster.post(target("/%0d%0aX:1"), Map.of(), BODY);

    assertThat(receiver.received().getFirst().head()).startsWith("POST /%0d%0aX:1 HTTP/1.1\r\n");
  }

  @Test
  void any_2xx_is_success_and_nothing_else() {
    receiver.statuses("/", 200, 204, 299, 302, 404, 410, 500);

    List<String> failures =
        Arrays.asList(0, 0, 0, 0, 0, 0, 0).stream()
            .map(_ -> post("/").failure().orElse("-"))
            .toList();

    assertThat(failures).containsExactly("-", "-", "-", "redirect", "http_4xx", "gone", "http_5xx");
    assertThat(receiver.connections()).isEqualTo(1);
  }

  @Test
  void a_redirect_is_not_followed() {
    receiver.on("/", Reaction.redirect(307, receiver.url("/other").toString()));

    assertThat(post("/").status()).isEqualTo(307);
    assertThat(receiver.count()).isEqualTo(1);
  }

  @Test
  void a_503_that_asks_for_an_immediate_retry_is_one_request() {
    receiver.on("/", Reaction.status(503, "Retry-After", "0"));

    Posted posted = post("/");

    assertThat(posted.status()).isEqualTo(503);
    assertThat(posted.wish().retryAfter()).contains(Duration.ZERO);
    assertThat(receiver.count()).isEqualTo(1);
  }

  @Test
  void retry_after_is_read_in_both_forms_and_junk_is_ignored() {
    receiver.on(
        "/",
        Reaction.status(429, "Retry-After", "7"),
        Reaction.status(429, "Retry-After", "Thu, 01 Jan 2026 12:01:00 GMT"),
        Reaction.status(429, "Retry-After", "Thu, 01 Jan 2026 11:00:00 GMT"),
        Reaction.status(429, "Retry-After", "-1"),
        Reaction.status(429, "Retry-After", "soon"),
        Reaction.status(429, "Retry-After", "99999999999999999999"));

    assertThat(post("/").wish().retryAfter()).contains(Duration.ofSeconds(7));
    assertThat(post("/").wish().retryAfter()).contains(Duration.ofSeconds(60));
    assertThat(post("/").wish().retryAfter()).contains(Duration.ZERO);
    assertThat(post("/").wish().retryAfter()).isEmpty();
    assertThat(post("/").wish().retryAfter()).isEmpty();
    assertThat(post("/").wish().retryAfter()).contains(Duration.ofSeconds(999_999_999));
  }

  @Test
  void a_receiver_that_says_nothing_is_left_at_the_deadline() {
    receiver.on("/", new Reaction.Hang());

    assertTimedOut(post("/"), "timeout_headers");
  }

  @Test
  void a_dripping_head_is_left_at_the_deadline() {
    receiver.on("/", new Reaction.DripHead(Duration.ofMillis(20)));

    assertTimedOut(post("/"), "timeout_headers");
  }

  @Test
  void endless_interim_answers_are_left_at_the_deadline() {
    receiver.on("/", new Reaction.Raw("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(20)));

    assertThat(post("/").failure().orElseThrow())
        .isIn("too_large", "connection_closed", "timeout_headers");
  }

  @Test
  void a_dripping_body_is_left_at_the_deadline_and_its_status_counts() {
    receiver.on("/", new Reaction.DripBody(Duration.ofMillis(20)));

    Posted posted = post("/");

    assertThat(posted.status()).isEqualTo(200);
    assertThat(posted.failure()).isEmpty();
    assertThat(posted.took()).isBetween(SHORT, SHORT.multipliedBy(4));
  }

  @Test
  void a_huge_or_endless_body_is_cut() {
    receiver.on("/huge", new Reaction.Huge(500, 1_000_000_000L));
    receiver.on("/endless", new Reaction.EndlessChunks());

    Posted huge = post("/huge");
    Posted endless = post("/endless");

    assertThat(huge.failure()).contains("http_5xx");
    assertThat(endless.failure()).isEmpty();
    assertThat(huge.took().plus(endless.took())).isLessThan(SHORT);
  }

  @Test
  void a_half_answer_counts_by_its_status() {
    receiver.on("/", new Reaction.HalfAnswer());

    assertThat(post("/").status()).isEqualTo(200);
  }

  @Test
  void a_204_that_announces_a_body_is_a_success() {
    receiver.on("/", new Reaction.Raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"));

    assertThat(post("/").status()).isEqualTo(204);
    assertThat(post("/").failure()).isEmpty();
  }

  @Test
  void broken_connections_are_told_apart() {
    receiver.on("/close", new Reaction.Close());
    receiver.on("/reset", new Reaction.Reset());
    receiver.on("/garbage", Reaction.garbage());

    assertThat(post("/close").failure()).contains("connection_closed");
    assertThat(post("/reset").failure()).contains("connection_reset");
    assertThat(post("/garbage").failure()).contains("protocol");
  }

  @Test
  void a_switch_of_protocols_is_a_failure() {
    receiver.on("/", new Reaction.Raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"));

    assertThat(post("/").failure().orElseThrow()).isIn("http_1xx", "protocol");
  }

  @Test
  void a_closed_port_is_connect_refused() throws IOException {
    int port;
    try (var closed = new ServerSocket()) {
      closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      port = closed.getLocalPort();
    }

    assertThat(poster.post(target("127.0.0.1", port, "/"), Map.of(), BODY).failure())
        .contains("connect_refused");
  }

  @Test
  void a_kept_connection_that_was_closed_is_tried_once_more_on_a_new_one() {
    receiver.on("/", Reaction.status(200), new Reaction.Close(), Reaction.status(200));

    assertThat(post("/").failure()).isEmpty();
    Posted second = post("/");

    assertThat(second.failure()).isEmpty();
    assertThat(receiver.received()).hasSize(3);
    assertThat(receiver.received()).extracting(Received::connection).containsExactly(1, 1, 2);
  }

  @Test
  void a_new_connection_that_was_closed_is_not_tried_again() {
    receiver.on("/", new Reaction.Close());

    assertThat(post("/").failure()).contains("connection_closed");
    assertThat(receiver.count()).isEqualTo(1);
  }

  @Test
  void an_unknown_name_and_a_silent_resolver_are_told_apart() {
    var never = new CountDownLatch(1);
    GuardedDns.Resolver silent =
        _ -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of();
        };
    GuardedDns.Resolver unknown =
        host -> {
          throw new UnknownHostException(host);
        };

    assertThat(postTo(unknown, true).failure()).contains("dns_nxdomain");
    assertThat(postTo(_ -> List.of(), true).failure()).contains("dns_nxdomain");
    assertThat(postTo(silent, true).failure()).contains("timeout_dns");
  }

  @Test
  void a_name_with_one_private_address_is_blocked() throws IOException {
    List<InetAddress> mixed =
        List.of(InetAddress.ofLiteral("93.184.215.14"), InetAddress.ofLiteral("127.0.0.1"));

    assertThat(postTo(_ -> mixed, false).failure()).contains("blocked_address");
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void a_name_that_turns_private_between_look_up_and_connect_is_blocked() throws IOException {
    var asked = new AtomicInteger();
    var guard = new AddressGuard(DeliveryConfig.defaults());
    var sockets =
        new GuardedSockets(
            address -> asked.incrementAndGet() > 0 && guard.permits(address),
            GuardedSockets.SHORT_ANSWERS);

    try (var socket = sockets.createSocket()) {
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), receiver.port());
      assertThat(catchConnect(() -> socket.connect(loopback, 500)))
          .isInstanceOf(BlockedAddressException.class);
      assertThat(catchConnect(() -> socket.connect(loopback)))
          .isInstanceOf(BlockedAddressException.class);
    }
    assertThat(asked).hasValue(2);
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void the_socket_stops_what_the_look_up_let_pass() {
    Target literal = target("127.0.0.1", receiver.port(), "/");
    try (Poster strict = poster(false, AddressGuard.systemResolver())) {
      assertThat(strict.post(literal, Map.of(), BODY).failure()).contains("blocked_address");
    }
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void a_proxy_of_the_system_is_not_used() {
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", "1");
    try {
      assertThat(post("/").failure()).isEmpty();
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }

  private interface Connect {
    void run() throws IOException;
  }

  private static Throwable catchConnect(Connect connect) {
    try {
      connect.run();
      return new AssertionError("it connected");
    } catch (IOException e) {
      return e;
    }
  }

  private Posted postTo(GuardedDns.Resolver resolver, boolean allowPrivate) {
    try (Poster other = poster(allowPrivate, resolver)) {
      return other.post(target("hooks.example.com", receiver.port(), "/"), Map.of(), BODY);
    }
  }

  private static void assertTimedOut(Posted posted, String failure) {
    assertThat(posted.failure()).contains(failure);
    assertThat(posted.status()).isZero();
    assertThat(posted.took()).isBetween(SHORT, SHORT.multipliedBy(4));
  }

  private Posted post(String path) {
    return poster.post(target(path), Map.of(), BODY);
  }

  private Target target(String pathAndQuery) {
    var guard =
        new AddressGuard(DeliveryConfig.defaults().with(new DeliveryConfig.Addresses(true, true)));
    String url = "http://127.0.0.1:" + receiver.port() + pathAndQuery;
    return switch (guard.check(url)) {
      case Verdict.Allowed(var target) -> target;
      case Verdict.Refused refused -> throw new AssertionError(refused);
    };
  }

  private static Target target(String host, int port, String path) {
    return new Target("http", host, port, path, Optional.empty());
  }

  private static Poster poster(boolean allowPrivate, GuardedDns.Resolver resolver) {
    var config =
        DeliveryConfig.defaults()
            .with(new DeliveryConfig.Addresses(true, allowPrivate))
            .with(new DeliveryConfig.Timeouts(SHORT, SHORT, Duration.ofMillis(100), Duration.ZERO));
    return new Poster(
        config, new AddressGuard(config), Poster.Outside.of(resolver), new HandClock(NOON));
  }
}
