package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.ModelStandIn;
import dev.carillon.testkit.ModelStandIn.Script;
import java.io.IOException;
import java.math.BigDecimal;
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

/// Passed-through calls that are sent again under the same `Idempotency-Key`.
final class RepeatedCallsTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CHAT = "/v1/chat/completions";
  private static final String ASK =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"max_tokens\":40%s}";
  private static final String PLAIN = ASK.formatted("");
  private static final String KEY = "Idempotency-Key";

  /// Numbers whose form another writer would change.
  private static final String WHOLE =
      "{ \"choices\":[],\"p\":1.0e-5,%s\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";

  @TempDir static Path folder;
  private static final AtomicReference<Script> script = new AtomicReference<>(_ -> {});
  private static ModelStandIn provider;
  private static Door door;
  private int askedBefore;
  private BigDecimal before = BigDecimal.ZERO;

  @BeforeAll
  static void open() throws IOException {
    provider = new ModelStandIn(turn -> script.get().answer(turn));
    Path files = Files.createDirectories(folder.resolve("passthrough"));
    Files.writeString(
        files.resolve("a.yaml"),
        """
        base-url: %s
        models:
          - {name: m, price: {input: "1000000", output: "1000000"}, most-output: 50}
          - {name: s, for: speech, price: {characters: "1"}}
        """
            .formatted(provider.url()));
    door = new Door(folder, Map.of());
  }

  @AfterAll
  static void close() {
    door.close();
    provider.close();
  }

  @BeforeEach
  void count() {
    askedBefore = provider.asked();
    before = balance();
  }

  private static BigDecimal balance() {
    return new BigDecimal(
        door.post("/v1/midjourney/imagine?dry_run=1", "{\"prompt\":\"x\"}")
            .text("/balance/spendable"));
  }

  private void assertMadeOnceFor(String credits) {
    assertThat(provider.asked()).isEqualTo(askedBefore + 1);
    BigDecimal wanted = before.subtract(new BigDecimal(credits));
    Await.until("it is charged once", SOON, () -> balance().compareTo(wanted) == 0);
  }

  private static void answers(String more) {
    script.set(turn -> turn.whole(200, "application/json", WHOLE.formatted(more)));
  }

  @Test
  void a_repeat_gets_the_first_answer_to_the_letter_and_is_not_charged() {
    answers("");

    Answer first = door.post(CHAT, PLAIN, KEY, "letter");
    Answer again = door.post(CHAT, PLAIN, KEY, "letter");

    assertThat(first.status()).isEqualTo(200);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.response().body()).isEqualTo(first.response().body());
    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.header("Carillon-Charge")).isEqualTo("2");
    assertThat(again.header("Carillon-Task-Id")).isEqualTo(first.header("Carillon-Task-Id"));
    assertMadeOnceFor("2");
  }

  @Test
  void a_repeat_while_the_first_is_under_way_waits_for_its_answer() throws Exception {
    var answer = new Semaphore(0);
    script.set(turn -> {
      answer.acquireUninterruptibly();
      turn.whole(200, "application/json", WHOLE.formatted(""));
    });
    var first = CompletableFuture.supplyAsync(() -> door.post(CHAT, PLAIN, KEY, "joined"));
    Await.until("the first is asked", SOON, () -> provider.asked() == askedBefore + 1);
    var second = CompletableFuture.supplyAsync(() -> door.post(CHAT, PLAIN, KEY, "joined"));
    Await.until(
        "the second waits",
        SOON,
        () -> door.get("/metrics").response().body().contains("carillon_waits_held 1.0"));

    answer.release();

    assertThat(second.get(20, TimeUnit.SECONDS).response().body())
        .isEqualTo(first.get(20, TimeUnit.SECONDS).response().body());
    assertThat(second.get().header("Idempotency-Replayed")).isEqualTo("true");
    assertMadeOnceFor("2");
  }

  @Test
  void another_body_under_the_same_key_is_refused() {
    answers("");
    door.post(CHAT, PLAIN, KEY, "other");

    Answer other = door.post(CHAT, ASK.formatted(",\"n\":2"), KEY, "other");

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.text("/error/code")).isEqualTo("idempotency_key_reused");
    assertMadeOnceFor("2");
  }

  @Test
  void what_is_not_kept_says_why_and_is_not_made_twice() {
    script.set(turn ->
        turn.begin(200, "text/event-stream")
            .event("{\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}")
            .event("[DONE]")
            .end());
    String stream = ASK.formatted(",\"stream\":true");
    door.post(CHAT, stream, KEY, "stream");

    refused(door.post(CHAT, stream, KEY, "stream"), "streams are not");
    assertMadeOnceFor("2");

    answers("\"pad\":\"" + "x".repeat(300_000) + "\",");
    door.post(CHAT, PLAIN, KEY, "large");
    refused(door.post(CHAT, PLAIN, KEY, "large"), "answers above 256 KiB are not");

    String speech = "{\"model\":\"s\",\"input\":\"hello\",\"voice\":\"a\"}";
    script.set(turn -> turn.begin(200, "audio/mpeg").send("sound").end());
    door.post("/v1/audio/speech", speech, KEY, "speech");
    refused(door.post("/v1/audio/speech", speech, KEY, "speech"), "speech is not");
    assertThat(provider.asked()).isEqualTo(askedBefore + 3);
  }

  private static void refused(Answer again, String why) {
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("/error/message")).endsWith(why + ".");
    assertThat(again.header("x-should-retry")).isEqualTo("false");
  }

  @Test
  void a_repeat_of_a_call_that_failed_fails_as_it_did() {
    script.set(turn -> turn.whole(400, "application/json", "{\"error\":{\"message\":\"no\"}}"));

    Answer first = door.post(CHAT, PLAIN, KEY, "failed");
    Answer again = door.post(CHAT, PLAIN, KEY, "failed");

    assertThat(again.text("/error/message")).isEqualTo(first.text("/error/message"));
    assertMadeOnceFor("0");
  }

  @Test
  void nothing_of_an_answer_is_kept_without_a_key() {
    answers("\"said\":\"a secret\",");

    String with = door.post(CHAT, PLAIN, KEY, "kept").header("Carillon-Task-Id");
    String without = door.post(CHAT, PLAIN).header("Carillon-Task-Id");

    assertThat(door.ended(with).toString()).contains("a secret");
    assertThat(door.ended(without).toString()).doesNotContain("a secret");
  }
}
