package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.testkit.Await;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What a caller sees of keys, quotes, price ceilings, deadlines, cancelling and keeping.
final class MoneyAtTheDoorTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String PATH = "/midjourney/imagine";
  private static final String BODY = "{\"prompt\":\"a cat\",\"mode\":\"fast\"}";
  private static final String ASYNC = "{\"prompt\":\"a cat\",\"async\":true}";
  private static final String HANG = "{\"prompt\":\"[[sandbox hang]] x\",\"async\":true}";

  @TempDir static Path folder;
  private static Door door;

  @BeforeAll
  static void open() {
    door = new Door(folder, Map.of());
  }

  @AfterAll
  static void close() {
    door.close();
  }

  private static String task(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.text("/task_id");
  }

  private static String prompt(String words) {
    return "{\"prompt\":\"" + words + "\"}";
  }

  @Test
  void the_same_key_and_body_is_answered_with_the_first_task_and_its_answer() {
    Answer first = door.post(PATH, BODY, "Idempotency-Key", "same");
    Answer again =
        door.post(PATH, "{\"mode\":\"fast\",\"prompt\":\"a cat\"}", "Idempotency-Key", "\"same\"");

    assertThat(first.header("Idempotency-Replayed")).isEmpty();
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(first.json());
  }

  @Test
  void the_same_key_with_another_body_is_422() {
    task(door.post(PATH, ASYNC, "Idempotency-Key", "other"));

    Answer other = door.post(PATH, BODY, "Idempotency-Key", "other");

    assertThat(other.status()).isEqualTo(422);
    assertThat(other.text("/error/code")).isEqualTo("idempotency_key_reused");
  }

  @Test
  void a_failure_is_repeated_as_it_was() {
    String body = prompt("[[sandbox moderated]] x");
    Answer first = door.post(PATH, body, "Idempotency-Key", "failed");
    Answer again = door.post(PATH, body, "Idempotency-Key", "failed");

    assertThat(first.status()).isEqualTo(403);
    assertThat(again.status()).isEqualTo(403);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.header("Carillon-Task-Id")).isEqualTo(first.header("Carillon-Task-Id"));
  }

  @Test
  void the_second_joins_the_wait_of_the_first_and_a_key_finds_a_lost_id() {
    String body = prompt("[[sandbox take=3s]] x");
    var first =
        CompletableFuture.supplyAsync(() -> door.post(PATH, body, "Idempotency-Key", "joined"));
    JsonNode lost =
        Await.value(
            "the first is accepted",
            SOON,
            () ->
                door.get("/v1/tasks?idempotency_key=joined")
                    .json()
                    .path("items")
                    .valueStream()
                    .findFirst());
    assertThat(lost.path("idempotency_key").asString()).isEqualTo("joined");
    assertThat(lost.path("finished_at").isNull()).isTrue();

    Answer second = door.post(PATH, body, "Idempotency-Key", "joined");

    assertThat(task(second)).isEqualTo(lost.path("id").asString()).isEqualTo(task(first.join()));
    assertThat(second.text("/image_url")).startsWith("http");
    assertThat(door.get("/v1/tasks?idempotency_key=unknown").json().path("items").size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "\"\""})
  void a_key_that_is_none_is_refused(String key) {
    Answer answer = door.post(PATH, ASYNC, "Idempotency-Key", key);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/message")).contains("Idempotency-Key");
  }

  @Test
  void without_a_key_a_request_whose_caller_hung_up_is_recognised() throws IOException {
    String body = prompt("[[sandbox take=4s]] hung up");
    String id;
    try (Socket _ = door.postAndKeepQuiet(PATH, body)) {
      id = waitingTask("hung up");
    }

    Answer again =
        Await.value(
            "the hang-up is noticed",
            SOON,
            () ->
                Optional.of(door.post(PATH, body))
                    .filter(answer -> answer.header("Idempotency-Replayed").equals("true")));

    assertThat(task(again)).isEqualTo(id);
    assertThat(again.text("/image_url")).startsWith("http");
  }

  private static String waitingTask(String words) {
    return Await.value(
            "the task is accepted",
            SOON,
            () ->
                door.get("/v1/tasks?state=open")
                    .json()
                    .path("items")
                    .valueStream()
                    .filter(item -> item.at("/request/prompt").asString("").contains(words))
                    .findFirst())
        .path("id")
        .asString();
  }

  @Test
  void without_a_key_equal_requests_are_wishes_of_their_own() {
    String body = prompt("[[sandbox take=1s]] twins");
    var first = CompletableFuture.supplyAsync(() -> door.post(PATH, body));
    waitingTask("twins");

    Answer meanwhile = door.post(PATH, body);
    Answer later = door.post(PATH, body);

    assertThat(task(meanwhile)).isNotEqualTo(task(first.join())).isNotEqualTo(task(later));
  }

  @Test
  void a_dry_run_tells_the_price_and_creates_nothing() {
    int before = door.get("/v1/tasks?limit=100").json().path("items").size();

    Answer quote = door.post(PATH + "?dry_run=1", BODY, "Carillon-Finish-By", "5m");

    assertThat(quote.status()).isEqualTo(200);
    JsonNode told = quote.json();
    assertThat(told.path("dry_run").asBoolean()).isTrue();
    assertThat(told.path("would_be_accepted").asBoolean()).isTrue();
    assertThat(told.path("currency").asString()).isEqualTo("credits");
    assertThat(told.path("price").asString()).isNotEqualTo("0");
    assertThat(told.at("/balance/spendable").asString()).isNotEmpty();
    assertThat(told.at("/deadlines/finish_by_seconds").asDouble()).isEqualTo(300);
    assertThat(told.has("task_id")).isFalse();
    assertThat(door.get("/v1/tasks?limit=100").json().path("items").size()).isEqualTo(before);
    Answer charged = door.post(PATH, BODY);
    assertThat(door.ended(task(charged)).at("/charge/charged").asString())
        .isEqualTo(told.path("price").asString());
  }

  @Test
  void a_dry_run_says_why_it_would_be_refused() {
    Answer dear = door.post(PATH + "?dry_run=1", BODY, "Carillon-Max-Cost", "0.000001");
    Answer wrong = door.post(PATH + "?dry_run=1", "{\"mode\":\"slowest\"}");
    Answer unclear = door.post(PATH + "?dry_run=perhaps", BODY);

    assertThat(dear.text("/refusal")).isEqualTo("max_cost_exceeded");
    assertThat(dear.json().path("would_be_accepted").asBoolean(true)).isFalse();
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(unclear.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"max_cost\":0.000001",
        "\"max_cost\":\"0.000001\"",
        "\"carillon\":{\"max_cost\":\"0\"}"
      })
  void a_price_above_the_ceiling_is_refused(String ceiling) {
    Answer answer = door.post(PATH, "{\"prompt\":\"x\"," + ceiling + "}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("/error/code")).isEqualTo("max_cost_exceeded");
  }

  @Test
  void a_price_at_the_ceiling_is_accepted_and_a_header_wins_over_the_body() {
    String price = door.post(PATH + "?dry_run=1", BODY).text("/price");

    Answer answer =
        door.post(PATH, "{\"prompt\":\"x\",\"max_cost\":0}", "Carillon-Max-Cost", price);

    assertThat(answer.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Carillon-Max-Cost | cheap",
        "Carillon-Max-Cost | -1",
        "Carillon-Start-By | soon",
        "Carillon-Start-By | 7h",
        "Carillon-Finish-By | 0s",
        "Carillon-Finish-By | 31d",
        "Carillon-Keep-For | 4000d"
      })
  void a_limit_that_is_none_is_refused_by_name(String header, String value) {
    Answer answer = door.post(PATH, ASYNC, header, value);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/message")).contains(header);
  }

  @Test
  void an_unknown_wish_in_our_own_object_is_refused() {
    Answer answer = door.post(PATH, "{\"prompt\":\"x\",\"carillon\":{\"start-by\":\"3s\"}}");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/message")).contains("carillon.start-by");
  }

  @Test
  void a_task_that_misses_its_finish_by_time_says_so_and_costs_nothing() {
    String id = task(door.post(PATH, HANG, "Carillon-Finish-By", "1s"));

    JsonNode task = door.ended(id);

    assertThat(task.path("state").asString()).isEqualTo("expired");
    assertThat(task.at("/charge/reason").asString()).isEqualTo("expired_finish_by");
    assertThat(task.at("/charge/charged").asString()).isEqualTo("0");
    assertThat(task.at("/error/message").asString()).contains("finish-by");
  }

  @Test
  void a_task_shows_its_times() {
    String body =
        "{\"prompt\":\"[[sandbox hang]] x\",\"async\":true,"
            + "\"carillon\":{\"start_by\":\"30s\",\"finish_by\":60,\"keep_for\":\"2h\"}}";
    String id = task(door.post(PATH, body));

    JsonNode task = door.get("/v1/tasks/" + id).json();
    door.post("/v1/tasks/" + id + "/cancel", "");
    JsonNode ended = door.get("/v1/tasks/" + id).json();

    assertThat(between(task, "created_at", "start_by")).isEqualTo(Duration.ofSeconds(30));
    assertThat(between(task, "created_at", "finish_by")).isEqualTo(Duration.ofSeconds(60));
    assertThat(task.path("kept_until").isNull()).isTrue();
    assertThat(between(ended, "finished_at", "kept_until")).isEqualTo(Duration.ofHours(2));
  }

  private static Duration between(JsonNode task, String from, String to) {
    return Duration.between(
        Instant.parse(task.path(from).asString()), Instant.parse(task.path(to).asString()));
  }

  private String running(String words) {
    String id =
        task(door.post(PATH, "{\"prompt\":\"[[sandbox " + words + "]] x\",\"async\":true}"));
    Await.until(
        "it runs", SOON, () -> door.get("/v1/tasks/" + id).text("/state").equals("running"));
    return id;
  }

  @Test
  void a_running_task_whose_provider_stops_is_cancelled_and_costs_nothing() {
    String id = running("hang");

    Answer answer = door.post("/v1/tasks/" + id + "/cancel", "");

    assertThat(answer.text("/cancellation")).isEqualTo("confirmed");
    assertThat(answer.text("/state")).isEqualTo("cancelled");
    assertThat(answer.text("/charge/reason")).isEqualTo("cancelled");
    assertThat(answer.text("/charge/charged")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"refused", "unsupported"})
  void a_running_task_whose_provider_goes_on_is_charged_when_it_succeeds(String said) {
    String id = running("take=2s cancel=" + said);

    Answer answer = door.post("/v1/tasks/" + id + "/cancel", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("/cancellation")).isEqualTo(said);
    assertThat(answer.text("/state")).isEqualTo("running");
    String price = answer.text("/charge/on_success");
    JsonNode ended = door.ended(id);
    assertThat(ended.path("state").asString()).isEqualTo("succeeded");
    assertThat(ended.path("cancellation").asString()).isEqualTo(said);
    assertThat(ended.at("/charge/charged").asString()).isEqualTo(price).isNotEqualTo("0");
  }

  @Test
  void a_deleted_task_is_gone_and_no_other_task_is() {
    String id = task(door.post(PATH, BODY));

    assertThat(door.delete("/v1/tasks/" + id).status()).isEqualTo(200);

    Answer gone = door.get("/v1/tasks/" + id);
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.text("/error/code")).isEqualTo("gone");
    assertThat(door.delete("/v1/tasks/" + id).status()).isEqualTo(410);
    assertThat(door.post("/midjourney/tasks", "{\"id\":\"" + id + "\"}").json().size()).isZero();
    String unknown = "/v1/tasks/" + UUID.randomUUID();
    assertThat(door.get(unknown).status()).isEqualTo(404);
  }

  @Test
  void an_open_task_is_not_deleted() {
    String id = running("hang");

    assertThat(door.delete("/v1/tasks/" + id).status()).isEqualTo(409);
    door.post("/v1/tasks/" + id + "/cancel", "");
  }

  @Test
  void a_task_is_gone_when_its_time_is_over_and_kept_when_it_was_extended() {
    String brief = task(door.post(PATH, BODY, "Carillon-Keep-For", "2s"));
    String kept = task(door.post(PATH, BODY, "Carillon-Keep-For", "2s"));

    Answer extended = door.post("/v1/tasks/" + kept + "/keep", "{\"for\":\"1h\"}");
    Answer tooLong = door.post("/v1/tasks/" + kept + "/keep", "{\"for\":\"5000d\"}");

    assertThat(extended.status()).isEqualTo(200);
    assertThat(tooLong.status()).isEqualTo(400);
    Await.until("it is gone", SOON, () -> door.get("/v1/tasks/" + brief).status() == 410);
    assertThat(door.post("/midjourney/tasks", "{\"id\":\"" + brief + "\"}").json().size()).isZero();
    assertThat(door.get("/v1/tasks/" + kept).text("/kept_until"))
        .isEqualTo(extended.text("/kept_until"));
  }
}
