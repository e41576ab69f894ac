package dev.carillon.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Receiver;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class SendersTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Receiver server = Receiver.start();
  private final List<Duration> pauses = new ArrayList<>();
  private final Sender http = new HttpSender("http://127.0.0.1:" + server.port(), "secret", "test");
  private final Sender retrying = new RetryingSender(http, pauses::add, () -> 1);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_request_carries_the_token_and_its_body() throws Exception {
    var _ = http.send(Call.put("/a?b=c", "{\"ü\":1}").with("X-More", "1"));

    var received = server.received().getFirst();
    assertThat(received.method()).isEqualTo("PUT");
    assertThat(received.target()).isEqualTo("/a?b=c");
    assertThat(received.header("authorization")).contains("Bearer secret");
    assertThat(received.header("content-type")).contains("application/json");
    assertThat(received.header("x-more")).contains("1");
    assertThat(received.text()).isEqualTo("{\"ü\":1}");
  }

  @Test
  void a_dripping_answer_ends_at_the_limit() {
    server.on("/drip", new Reaction.DripBody(Duration.ofMillis(10)));
    server.on("/head", new Reaction.DripHead(Duration.ofMillis(10)));

    for (String path : List.of("/drip", "/head")) {
      assertThatThrownBy(() -> http.send(Call.get(path).within(Duration.ofMillis(300))))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("no answer within");
    }
  }

  /// An answer that is not read to its end keeps its connection, and the next call needs another.
  @Test
  void every_answer_is_read_to_its_end_whatever_it_is() throws Exception {
    server
        .on("/none", new Reaction.Answer(204, Map.of(), ""))
        .on("/odd", new Reaction.Answer(502, Map.of(), "<html>".repeat(10_000)))
        .on("/error", new Reaction.Answer(404, Map.of(), "{\"error\":{\"code\":\"no\"}}"))
        .on("/fine", new Reaction.Answer(200, Map.of(), "{\"a\":1}"));

    for (int round = 0; round < 10; round++) {
      for (String path : List.of("/none", "/odd", "/error", "/fine")) {
        http.send(Call.get(path));
      }
    }

    assertThat(server.connections()).isOne();
  }

  @Test
  void an_endless_answer_is_given_up() {
    server.on("/endless", new Reaction.EndlessChunks());

    assertThatThrownBy(() -> http.send(Call.get("/endless")))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("too large");
  }

  /// The reader of the network would keep a short program from ending for 300 ms.
  @Test
  void closing_ends_what_is_under_way_and_its_threads() throws Exception {
    server.on("/never", new Reaction.Hang());
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    var sender = new HttpSender("http://127.0.0.1:" + server.port(), "secret", "test");
    var call = new FutureTask<>(() -> sender.send(Call.get("/never")));
    new Thread(call).start();
    Await.until("it is under way", SOON, () -> !server.received().isEmpty());

    sender.close();

    assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> sender.send(Call.get("/never")))
        .isInstanceOf(InterruptedException.class);
    sender.close();
    Await.until("no thread is left", SOON, () -> isGone(before));
  }

  private static boolean isGone(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .noneMatch(thread -> thread.getName().contains("SelectorManager"));
  }

  @Test
  void broken_connections_are_told_apart_from_none() {
    server.on("/reset", new Reaction.Reset()).on("/half", new Reaction.HalfAnswer());
    var nobody = new HttpSender("http://127.0.0.1:1", "secret", "test");

    assertThat(transport(http, "/reset").maybeSent()).isTrue();
    assertThat(transport(http, "/half").maybeSent()).isTrue();
    assertThat(transport(nobody, "/").maybeSent()).isFalse();
  }

  private static TransportException transport(Sender sender, String path) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
        TransportException.class, () -> sender.send(Call.post(path, "{}")));
  }

  @Test
  void what_was_refused_is_sent_again_after_the_pause_asked_for() throws Exception {
    server.on(
        "/a", Reaction.status(429, "Retry-After", "7"), Reaction.status(503), Reaction.status(200));

    assertThat(retrying.send(Call.post("/a", "{}")).status()).isEqualTo(200);

    assertThat(pauses).containsExactly(Duration.ofMillis(7_200), Duration.ofMillis(400));
  }

  @Test
  void what_may_have_been_taken_is_sent_again_only_when_that_is_harmless() throws Exception {
    server.statuses("/a", 502, 200).on("/b", new Reaction.Reset(), Reaction.status(200));

    assertThat(retrying.send(Call.post("/a", "{}")).status()).isEqualTo(502);
    assertThat(retrying.send(Call.repeatablePost("/a", "{}")).status()).isEqualTo(200);
    assertThatThrownBy(() -> retrying.send(Call.post("/b", "{}")))
        .isInstanceOf(TransportException.class);
    assertThat(retrying.send(Call.get("/b")).status()).isEqualTo(200);
  }

  @Test
  void a_call_is_sent_a_bounded_number_of_times() throws Exception {
    server.statuses("/a", 503);

    assertThat(retrying.send(Call.get("/a")).status()).isEqualTo(503);

    assertThat(server.count()).isEqualTo(RetryingSender.TRIES);
    assertThat(pauses).hasSize(RetryingSender.TRIES - 1).isSorted();
  }

  @Test
  void a_pause_too_long_to_sit_out_is_left_to_the_caller() throws Exception {
    server.on("/a", Reaction.status(429, "Retry-After", "3600"));

    Reply reply = retrying.send(Call.get("/a"));

    assertThat(pauses).isEmpty();
    assertThatThrownBy(reply::orThrow)
        .isInstanceOfSatisfying(
            ServiceException.Limited.class,
            why -> assertThat(why.retryAfter()).contains(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @CsvSource({
    "400, bad_request, BadRequest",
    "400, no_token, Unauthorized",
    "401, token_expired, Unauthorized",
    "401, a_code_of_tomorrow, Unauthorized",
    "403, used_up, UsedUp",
    "403, forbidden, Forbidden",
    "404, no_api, NotFound",
    "409, conflict, Conflict",
    "429, too_many_requests, Limited",
    "500, api_error, Unavailable",
    "418, teapot, ServiceException",
  })
  void each_code_has_its_exception(int status, String code, String type) throws Exception {
    String body =
        "{\"error\":{\"code\":\"%s\",\"message\":\"why\",\"new\":1},\"trace_id\":\"t1\"}"
            .formatted(code);
    server.on("/a", new Reaction.Answer(status, Map.of(), body));

    Reply reply = http.send(Call.get("/a"));

    assertThatThrownBy(reply::orThrow)
        .isInstanceOfSatisfying(
            ServiceException.class,
            why -> {
              assertThat(why.getClass().getSimpleName()).isEqualTo(type);
              assertThat(why.code()).isEqualTo(code);
              assertThat(why.status()).isEqualTo(status);
              assertThat(why.traceId()).contains("t1");
              assertThat(why).hasMessageContaining("why");
            });
  }

  @Test
  void an_error_without_json_is_an_error_all_the_same() throws Exception {
    server.on("/a", new Reaction.Answer(502, Map.of(), "<html>"));

    Reply reply = http.send(Call.get("/a"));

    assertThatThrownBy(reply::orThrow)
        .isInstanceOfSatisfying(
            ServiceException.Unavailable.class, why -> assertThat(why.code()).isEqualTo("unknown"));
    assertThatThrownBy(reply::json).isInstanceOf(AnswerException.class);
  }

  @Test
  void the_environment_names_the_gateway_in_both_ways() {
    assertThatThrownBy(() -> Carillon.fromEnv(Map.of("CARILLON_URL", "http://127.0.0.1:1")))
        .hasMessageContaining("CARILLON_TOKEN");
    assertThat(
            Carillon.fromEnv(
                Map.of(
                    "ACEDATACLOUD_API_BASE_URL", "http://127.0.0.1:1/",
                    "ACEDATACLOUD_API_TOKEN", "t")))
        .isNotNull();
    assertThatThrownBy(() -> Carillon.at(URI.create("ftp://a"), "t"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void one_caller_that_is_told_to_slow_down_slows_all() throws Exception {
    server.on("/busy", new Reaction.Answer(429, Map.of("Retry-After", "7"), "{}"));
    server.on("/other", new Reaction.Answer(200, Map.of(), "{}"));
    Sender plain = new RetryingSender(http, pauses::add, () -> 0);

    var _ = plain.send(Call.get("/busy"));
    pauses.clear();
    var _ = plain.send(Call.get("/other"));

    assertThat(pauses).hasSize(1);
    assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(8));
  }
}
