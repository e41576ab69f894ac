package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Door.Answer;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a caller sees of results that come late, in part or step by step.
final class LateAtTheDoorTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PATH = "/midjourney/imagine";

  @TempDir static Path folder;
  private static Door door;
  private static Receiver receiver;

  @BeforeAll
  static void open() {
    receiver = Receiver.start();
    door = new Door(folder, Map.of("callback.allow-private", "true"));
  }

  @AfterAll
  static void close() {
    door.close();
    receiver.close();
  }

  private static String told(String words, String path) {
    return "{\"prompt\":\"%s\",\"callback_url\":\"%s\"}".formatted(words, receiver.url(path));
  }

  private static String task(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.text("/task_id");
  }

  private static JsonNode body(Received received) {
    return JsonMapper.shared().readTree(received.text());
  }

  private static List<Received> heard(String path, int count) throws InterruptedException {
    return receiver.await(path, count, SOON);
  }

  private static Answer awaitState(String id, String state) {
    return Await.value(
        "it is " + state,
        SOON,
        () -> {
          Answer task = door.get("/v1/tasks/" + id);
          return task.text("/state").equals(state) ? Optional.of(task) : Optional.empty();
        });
  }

  @Test
  void a_late_result_is_told_after_the_expiry_and_polls_show_it() throws InterruptedException {
    String id =
        task(door.post(PATH, told("[[sandbox take=4s]] x", "/late"), "Carillon-Finish-By", "1s"));
    Answer expired = awaitState(id, "expired");
    assertThat(expired.text("/charge/charged")).isEqualTo("0");
    assertThat(
            door.post("/midjourney/tasks", "{\"id\":\"" + id + "\"}").text("/response/error/code"))
        .isEqualTo("timeout");

    Answer succeeded = awaitState(id, "succeeded");

    assertThat(succeeded.text("/charge/charged")).isNotEqualTo("0").isNotEmpty();
    assertThat(succeeded.text("/charge/released")).isEqualTo("0");
    assertThat(
            door.post("/midjourney/tasks", "{\"id\":\"" + id + "\"}")
                .json()
                .at("/response/success")
                .asBoolean())
        .isTrue();
    List<Received> heard = heard("/late", 2);
    assertThat(heard.stream().map(one -> one.header("webhook-event-type").orElse("")))
        .containsExactly("task.expired", "task.succeeded");
    assertThat(body(heard.get(0)).at("/error/code").asString()).isEqualTo("timeout");
    assertThat(body(heard.get(1)).path("image_url").asString()).startsWith("http");
  }

  @Test
  void pictures_that_did_not_come_are_not_charged() {
    Answer answer =
        door.post(
            "/nano-banana/images",
            "{\"action\":\"generate\",\"prompt\":\"[[sandbox good=2]] x\",\"count\":3}");

    assertThat(answer.json().path("data").size()).isEqualTo(2);
    JsonNode charge = door.get("/v1/tasks/" + task(answer)).json().path("charge");
    assertThat(charge.path("charged").asString()).isEqualTo("0.4");
    assertThat(charge.path("released").asString()).isEqualTo("0.2");
    assertThat(charge.path("held").asString()).isEqualTo("0");
  }

  @Test
  void a_callback_url_hears_of_each_step_where_a_stream_is_asked_for() throws InterruptedException {
    String id =
        task(
            door.post(
                PATH,
                told("[[sandbox take=4s]] x", "/steps"),
                "Accept",
                "application/json, application/x-ndjson"));

    List<Received> heard = heard("/steps", 3);

    JsonNode first = body(heard.getFirst());
    assertThat(first.path("success").asBoolean()).isTrue();
    assertThat(first.path("task_id").asString()).isEqualTo(id);
    assertThat(first.path("progress").asInt()).isBetween(1, 99);
    assertThat(first.path("actions").size()).isZero();
    assertThat(heard.getFirst().header("webhook-signature")).isPresent();
    awaitState(id, "succeeded");
    Await.until(
        "the result is told, too",
        SOON,
        () ->
            receiver.received("/steps").stream()
                .anyMatch(one -> body(one).path("progress").asInt() == 100));
  }

  @Test
  void without_a_stream_a_callback_url_hears_of_the_end_alone() throws InterruptedException {
    String id = task(door.post(PATH, told("[[sandbox take=3s]] x", "/end")));
    awaitState(id, "succeeded");

    heard("/end", 1);

    assertThat(receiver.received("/end")).hasSize(1);
  }

  @Test
  void a_failed_task_shows_the_progress_it_had_reached() {
    String id =
        task(
            door.post(
                PATH,
                "{\"prompt\":\"[[sandbox take=4s fail=api_error progress=50]] x\",\"async\":true}"));

    JsonNode failed = door.ended(id);

    assertThat(failed.path("state").asString()).isEqualTo("failed");
    assertThat(failed.path("progress").asInt()).isBetween(1, 50);
  }

  @Test
  void a_quote_says_what_would_refuse_it() {
    String image = "{\"action\":\"generate\",\"prompt\":\"x\"}";
    Answer apps = door.admin("GET", "/applications", "");
    String app = apps.text("/items/0/id");
    Answer made =
        door.admin(
            "POST", "/credentials", "{\"application_id\":\"" + app + "\",\"limited_amount\":0.1}");

    Answer quote = door.sendAs(made.text("/token"), "POST", "/nano-banana/images?dry_run=1", image);

    assertThat(quote.text("/refusal")).isEqualTo("used_up");
    assertThat(quote.text("/refused_by")).isEqualTo("token_limit");
    assertThat(quote.text("/balance/left_of_token")).isEqualTo("0.1");
    assertThat(quote.json().path("would_be_accepted").asBoolean()).isFalse();
    assertThat(door.sendAs(made.text("/token"), "POST", "/nano-banana/images", image).status())
        .isEqualTo(403);
    Answer free = door.post("/nano-banana/images?dry_run=1", image);
    assertThat(free.json().path("refused_by").isNull()).isTrue();
    assertThat(free.json().at("/balance/left_of_token").isNull()).isTrue();
  }

  @Test
  void a_quote_says_that_the_balance_would_refuse_it(@TempDir Path poor) {
    try (var house = new Door(poor, Map.of("first-credit", "0.1"))) {
      Answer quote =
          house.post("/nano-banana/images?dry_run=1", "{\"action\":\"generate\",\"prompt\":\"x\"}");

      assertThat(quote.text("/refusal")).isEqualTo("used_up");
      assertThat(quote.text("/refused_by")).isEqualTo("balance");
    }
  }

  @Test
  void a_batch_of_another_application_or_user_is_empty() {
    Answer mine = door.post(PATH, "{\"prompt\":\"x\"}");
    JsonNode record = door.post("/midjourney/tasks", "{\"id\":\"" + task(mine) + "\"}").json();

    for (String field : List.of("application_id", "user_id")) {
      String own = record.path(field).asString();
      assertThat(batch(field, own).path("count").asInt()).isPositive();
      JsonNode other = batch(field, "019a0000-0000-7000-8000-000000000000");
      assertThat(other.path("count").asInt()).isZero();
      assertThat(other.path("items").size()).isZero();
    }
  }

  private static JsonNode batch(String field, String value) {
    return door.post(
            "/midjourney/tasks",
            "{\"action\":\"retrieve_batch\",\"" + field + "\":\"" + value + "\"}")
        .json();
  }

  @Test
  void a_caller_who_waits_without_a_key_and_is_told_of_the_expiry_pays_once() {
    String slow = "{\"prompt\":\"[[sandbox take=3s]] %s\"}";
    Answer told = door.post(PATH, slow.formatted("told"), "Carillon-Finish-By", "1s");
    Answer keyed =
        door.post(
            PATH, slow.formatted("keyed"), "Carillon-Finish-By", "1s", "Idempotency-Key", "k");
    assertThat(told.status()).isEqualTo(504);
    assertThat(keyed.status()).isEqualTo(504);

    awaitState(keyed.header("Carillon-Task-Id"), "succeeded");

    assertThat(door.get("/v1/tasks/" + told.header("Carillon-Task-Id")).text("/state"))
        .isEqualTo("expired");
    assertThat(door.post(PATH, slow.formatted("keyed"), "Idempotency-Key", "k").status())
        .isEqualTo(200);
  }
}
