package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.ModelStandIn;
import dev.carillon.testkit.ModelStandIn.Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What a caller and a provider see of calls that are passed through, and what becomes of the
/// money.
final class PassthroughAtTheDoorTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello there\"}],\"max_tokens\":40%s}";
  private static final String PLAIN = ASK.formatted("");
  private static final String STREAM = ASK.formatted(",\"stream\":true");
  private static final String USED =
      "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}";

  /// A token costs a credit here, so that what is charged can be counted.
  private static final String OTHER =
      """
      base-url: http://127.0.0.1:%d/v1
      models: [{name: %s, price: {input: "1000000", output: "1000000"}, most-output: 50}]
      """;

  @TempDir static Path folder;
  private static final AtomicReference<Script> script = new AtomicReference<>(_ -> {});
  private static ModelStandIn provider;
  private static ServerSocket silent;
  private static Door door;
  private BigDecimal before = BigDecimal.ZERO;
  private int askedBefore;

  @BeforeAll
  static void open() throws IOException {
    provider = new ModelStandIn(turn -> script.get().answer(turn));
    silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    nobody.close();
    Path files = Files.createDirectories(folder.resolve("passthrough"));
    Files.writeString(
        files.resolve("a.yaml"),
        """
        base-url: %s
        models:
          - {name: m, upstream: real, price: {input: "1000000", output: "1000000"}, most-output: 50}
          - {name: v, for: embeddings, price: {input: "1000000"}}
          - {name: s, for: speech, price: {characters: "1000000"}}
        """
            .formatted(provider.url()));
    Files.writeString(files.resolve("b.yaml"), OTHER.formatted(silent.getLocalPort(), "silent"));
    Files.writeString(files.resolve("c.yaml"), OTHER.formatted(nobody.getLocalPort(), "dead"));
    door = new Door(folder, Map.of());
  }

  @AfterAll
  static void close() throws IOException {
    door.close();
    provider.close();
    silent.close();
  }

  @BeforeEach
  void count() {
    before = balance();
    askedBefore = provider.asked();
  }

  private static String piece(String text) {
    return "{\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":null}]}";
  }

  private static BigDecimal balance() {
    JsonNode quote = door.post("/v1/midjourney/imagine?dry_run=1", "{\"prompt\":\"x\"}").json();
    return new BigDecimal(quote.at("/balance/spendable").asString());
  }

  private void assertCharged(String credits) {
    BigDecimal wanted = before.subtract(new BigDecimal(credits));
    Await.until(credits + " are charged", SOON, () -> balance().compareTo(wanted) == 0);
  }

  /// Reads from a raw connection until a text has come.
  private static String readUntil(Socket socket, String text) {
    try {
      InputStream in = socket.getInputStream();
      socket.setSoTimeout((int) SOON.toMillis());
      var read = new StringBuilder();
      while (read.indexOf(text) < 0) {
        int next = in.read();
        if (next < 0) {
          throw new AssertionError("it ended after: " + read);
        }
        read.append((char) next);
      }
      return read.toString();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Test
  void each_event_is_forwarded_when_it_arrives_and_not_later() throws Exception {
    var seen = new Semaphore(0);
    script.set(turn -> {
      turn.begin(200, "text/event-stream");
      for (String word : new String[] {"one", "two", "three"}) {
        turn.event(piece(word));
        if (!seen.tryAcquire(SOON.toSeconds(), TimeUnit.SECONDS)) {
          throw new IOException("the caller has not seen " + word);
        }
      }
      turn.event(USED).event("[DONE]").end();
    });

    try (Socket socket = door.postAndKeepQuiet(CHAT, STREAM)) {
      for (String word : new String[] {"one", "two", "three"}) {
        readUntil(socket, word);
        seen.release();
      }
      assertThat(readUntil(socket, "[DONE]")).doesNotContain("prompt_tokens");
    }

    assertCharged("5");
  }

  @Test
  void what_was_really_used_is_charged_and_the_rest_given_back() {
    script.set(turn -> {
      assertThat(turn.path()).isEqualTo("/v1/chat/completions");
      assertThat(turn.body()).contains("\"model\":\"real\"");
      turn.whole(
          200,
          "application/json",
          "{\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":4}}");
    });

    Answer answer = door.post(CHAT, PLAIN);

    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    assertThat(answer.text("/id")).isEqualTo("c");
    assertThat(answer.header("Carillon-Charge")).isEqualTo("11");
    assertCharged("11");
    JsonNode task = door.ended(answer.header("Carillon-Task-Id"));
    assertThat(task.at("/charge/charged").asString()).isEqualTo("11");
    assertThat(task.at("/charge/reason").asString()).isEqualTo("succeeded");
    assertThat(task.path("endpoint").asString()).isEqualTo("/openai/chat/completions");
    assertThat(task.toString()).doesNotContain("hello there");
  }

  @Test
  void more_than_was_held_is_never_charged() {
    script.set(turn ->
        turn.whole(
            200,
            "application/json",
            "{\"choices\":[],\"usage\":{\"prompt_tokens\":900000,\"completion_tokens\":900000}}"));

    Answer answer = door.post(CHAT, PLAIN);

    BigDecimal charged = new BigDecimal(answer.header("Carillon-Charge"));
    assertThat(charged).isBetween(new BigDecimal("40"), new BigDecimal("300"));
    assertCharged(charged.toPlainString());
  }

  @Test
  void a_caller_who_asks_for_it_is_told_what_was_used() {
    script.set(turn -> {
      assertThat(turn.body()).contains("include_usage");
      turn.begin(200, "text/event-stream").event(piece("a")).event(USED).event("[DONE]").end();
    });

    Answer answer =
        door.post(
            CHAT, ASK.formatted(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

    assertThat(answer.response().body()).contains("\"completion_tokens\":2").contains("[DONE]");
    assertThat(answer.header("Content-Type")).startsWith("text/event-stream");
    assertCharged("5");
  }

  @Test
  void a_caller_who_hangs_up_closes_the_silent_provider_and_pays_for_what_had_come()
      throws Exception {
    var closed = new CompletableFuture<Integer>();
    Thread.ofVirtual().start(() -> answerTwoWordsAndWait(silent, closed));

    try (Socket socket = door.postAndKeepQuiet(CHAT, STREAM.replace("\"m\"", "\"silent\""))) {
      readUntil(socket, "two");
    }

    assertThat(closed.get(SOON.toSeconds(), TimeUnit.SECONDS)).isEqualTo(-1);
    // The request's text is some 50 bytes: about a quarter as many tokens, and two that came.
    Await.until("what came is charged", SOON, () -> charged().signum() > 0);
    assertThat(charged()).isBetween(new BigDecimal("4"), new BigDecimal("35"));
  }

  private BigDecimal charged() {
    return before.subtract(balance()).subtract(held());
  }

  private static BigDecimal held() {
    BigDecimal held = BigDecimal.ZERO;
    for (JsonNode task : door.get("/v1/tasks").json().path("items")) {
      held = held.add(new BigDecimal(task.at("/charge/held").asString("0")));
    }
    return held;
  }

  private static void answerTwoWordsAndWait(
      ServerSocket listening, CompletableFuture<Integer> closed) {
    try (Socket socket = listening.accept()) {
      readUntil(socket, "\"stream_options\":{\"include_usage\":true}}");
      String events = "data: " + piece("one") + "\n\ndata: " + piece("two") + "\n\n";
      socket
          .getOutputStream()
          .write(
              ("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + events)
                  .getBytes(StandardCharsets.UTF_8));
      closed.complete(socket.getInputStream().read());
    } catch (IOException reset) {
      closed.complete(-1);
    }
  }

  @Test
  void a_provider_that_breaks_off_ends_the_stream_with_an_error_and_costs_nothing() {
    script.set(turn -> {
      turn.begin(200, "text/event-stream").event(piece("one"));
      throw new IOException("broken");
    });

    Answer answer = door.post(CHAT, STREAM);

    assertThat(answer.response().body())
        .contains("one")
        .contains("data: {\"error\":{\"message\":")
        .doesNotContain("[DONE]");
    assertCharged("0");
    JsonNode task = door.ended(answer.header("Carillon-Task-Id"));
    assertThat(task.path("state").asString()).isEqualTo("failed");
  }

  @Test
  void a_stream_that_ends_without_its_end_is_told_as_broken() {
    script.set(turn -> turn.begin(200, "text/event-stream").event(piece("one")).end());

    assertThat(door.post(CHAT, STREAM).response().body()).contains("\"error\"");
    assertCharged("0");
  }

  @Test
  void a_providers_own_error_event_is_passed_on_and_costs_nothing() {
    script.set(turn ->
        turn.begin(200, "text/event-stream")
            .event(piece("one"))
            .event("{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}")
            .end());

    assertThat(door.post(CHAT, STREAM).response().body()).contains("overloaded");
    assertCharged("0");
  }

  @ParameterizedTest
  @CsvSource({
    "400, 400, invalid_request_error, context_length_exceeded",
    "429, 429, requests, rate_limit_exceeded",
    "401, 500, server_error, api_error",
    "503, 500, server_error, api_error"
  })
  void a_providers_refusal_is_told_and_costs_nothing(
      int status, int told, String type, String code) {
    script.set(turn ->
        turn.whole(
            status,
            "application/json",
            "{\"error\":{\"message\":\"too long\",\"type\":\"invalid_request_error\",\"param\":\"messages\","
                + "\"code\":\"context_length_exceeded\"}}",
            "Retry-After",
            "7"));

    Answer answer = door.post(CHAT, PLAIN);

    assertThat(answer.status()).isEqualTo(told);
    assertThat(answer.text("/error/type")).isEqualTo(type);
    assertThat(answer.text("/error/code")).isEqualTo(code);
    assertThat(answer.header("Retry-After")).isEqualTo(status == 429 ? "7" : "");
    assertCharged("0");
  }

  @Test
  void a_provider_that_is_not_there_costs_nothing() {
    Answer answer = door.post(CHAT, PLAIN.replace("\"m\"", "\"dead\""));

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text("/error/type")).isEqualTo("server_error");
    assertCharged("0");
  }

  @Test
  void a_balance_that_does_not_cover_the_most_it_may_cost_asks_no_provider() {
    String long1 = PLAIN.replace("hello there", "x".repeat(2_000));

    Answer answer = door.post(CHAT, long1);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("/error/code")).isEqualTo("used_up");
    assertThat(answer.text("/error/type")).isEqualTo("insufficient_quota");
    assertThat(provider.asked()).isEqualTo(askedBefore);
    assertThat(door.post(CHAT, PLAIN, "Carillon-Max-Cost", "5").status()).isEqualTo(422);
    assertThat(provider.asked()).isEqualTo(askedBefore);
  }

  @Test
  void vectors_are_charged_by_tokens_and_speech_by_characters() {
    script.set(turn -> {
      if (turn.path().endsWith("/embeddings")) {
        turn.whole(200, "application/json", "{\"data\":[],\"usage\":{\"prompt_tokens\":6}}");
      } else {
        turn.begin(200, "audio/mpeg").send("sound").end();
      }
    });

    Answer vector = door.post("/v1/embeddings", "{\"model\":\"v\",\"input\":\"some words\"}");
    Answer speech =
        door.post("/v1/audio/speech", "{\"model\":\"s\",\"input\":\"hello\",\"voice\":\"a\"}");

    assertThat(vector.header("Carillon-Charge")).isEqualTo("6");
    assertThat(speech.response().body()).isEqualTo("sound");
    assertThat(speech.header("Content-Type")).isEqualTo("audio/mpeg");
    assertCharged("11");
  }

  @Test
  void a_model_that_nobody_answers_is_not_found() {
    Answer answer = door.post(CHAT, PLAIN.replace("\"m\"", "\"nobody\""));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text("/error/code")).isEqualTo("model_not_found");
    assertThat(answer.text("/error/param")).isEqualTo("model");
    Answer compatible =
        door.post("/v1/openai/chat/completions", PLAIN.replace("\"m\"", "\"nobody\""));
    assertThat(compatible.status()).isEqualTo(400);
    assertThat(compatible.text("/error/code")).isEqualTo("bad_request");
  }
}
