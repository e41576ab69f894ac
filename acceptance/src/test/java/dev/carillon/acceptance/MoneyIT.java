package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Keys, quotes, deadlines and cancelling, with the process killed in between: nothing is made or
/// paid twice, and what is spendable is the credit less what succeeded.
final class MoneyIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PATH = "/midjourney/imagine";

  private static GatewayProcess gateway;

  @BeforeAll
  static void start() {
    gateway = GatewayProcess.start(Map.of());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  private static String body(String prompt) {
    return Json.of(Map.of("prompt", prompt));
  }

  private static String async(String prompt) {
    return Json.of(Map.of("prompt", prompt, "async", true));
  }

  private static String id(Answer answer) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json().path("task_id").asString();
  }

  private static BigDecimal spendable() {
    JsonNode quote = gateway.api().post(PATH + "?dry_run=1", body("x")).json();
    return new BigDecimal(quote.at("/balance/spendable").asString());
  }

  private static Optional<JsonNode> ofKey(String key) {
    JsonNode page = gateway.api().get("/v1/tasks?idempotency_key=" + key).json();
    return page.path("items").valueStream().findFirst();
  }

  @Test
  void many_at_once_with_one_key_make_one_task() {
    var ids = ConcurrentHashMap.<String>newKeySet();
    Api api = gateway.api();

    try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        senders.execute(() ->
            ids.add(id(api.post(PATH, body("[[sandbox take=1s]] x"), "idempotency-key", "many"))));
      }
    }

    assertThat(ids).hasSize(1);
  }

  @Test
  void a_key_is_known_after_the_process_died_and_money_is_where_it_was() {
    BigDecimal before = spendable();
    String first =
        id(gateway.api().post(PATH, async("[[sandbox hang]] x"), "idempotency-key", "k"));
    BigDecimal held = before.subtract(spendable());

    gateway.kill();
    gateway.startAgain();

    Answer again = gateway.api().post(PATH, async("[[sandbox hang]] x"), "idempotency-key", "k");
    assertThat(id(again)).isEqualTo(first);
    assertThat(again.header("idempotency-replayed")).contains("true");
    assertThat(before.subtract(spendable())).isEqualByComparingTo(held).isPositive();
    Answer cancelled = gateway.api().post("/v1/tasks/" + first + "/cancel", "");
    assertThat(cancelled.json().path("cancellation").asString()).isEqualTo("confirmed");
    assertThat(spendable()).isEqualByComparingTo(before);
  }

  @Test
  void a_key_finds_the_task_of_an_answer_that_the_death_of_the_process_cut_off() {
    Api api = gateway.api();
    String body = body("[[sandbox take=2s]] x");
    var cut =
        CompletableFuture.runAsync(() -> {
          try {
            api.post(PATH, body, "idempotency-key", "cut");
          } catch (UncheckedIOException broken) {
            // That is what is waited for.
          }
        });
    JsonNode lost = Await.value("it is accepted", SOON, () -> ofKey("cut"));

    gateway.kill();
    cut.join();
    gateway.startAgain();

    Answer again = gateway.api().post(PATH, body, "idempotency-key", "cut");
    assertThat(id(again)).isEqualTo(lost.path("id").asString());
    assertThat(again.json().path("image_url").asString()).startsWith("http");
  }

  @Test
  void without_a_key_a_request_that_the_death_of_the_process_cut_off_is_recognised() {
    Api api = gateway.api();
    String body = body("[[sandbox take=6s]] nobody heard of it");
    var cut =
        CompletableFuture.runAsync(() -> {
          try {
            api.post(PATH, body);
          } catch (UncheckedIOException broken) {
            // That is what is waited for.
          }
        });
    String lost =
        Await.value(
            "it is accepted",
            SOON,
            () ->
                api.get("/v1/tasks?state=open&limit=100")
                    .json()
                    .path("items")
                    .valueStream()
                    .filter(item -> item.at("/request/prompt").asString().contains("nobody heard"))
                    .map(item -> item.path("id").asString())
                    .findFirst());

    gateway.kill();
    cut.join();
    gateway.startAgain();

    Answer again = gateway.api().post(PATH, body);
    assertThat(id(again)).isEqualTo(lost);
    assertThat(again.header("idempotency-replayed")).contains("true");
    assertThat(id(gateway.api().post(PATH, body))).isNotEqualTo(lost);
  }

  @Test
  void what_succeeded_is_charged_as_quoted_and_what_failed_is_not() {
    BigDecimal before = spendable();
    JsonNode quote = gateway.api().post(PATH + "?dry_run=1", body("x")).json();

    id(gateway.api().post(PATH, body("a cat")));
    Answer failed = gateway.api().post(PATH, body("[[sandbox fail=api_error]] x"));
    Answer dear = gateway.api().post(PATH, body("x"), "carillon-max-cost", "0");

    assertThat(failed.status()).isEqualTo(500);
    assertThat(dear.errorCode()).isEqualTo("max_cost_exceeded");
    assertThat(before.subtract(spendable()))
        .isEqualByComparingTo(new BigDecimal(quote.path("price").asString()));
  }

  @Test
  void a_deleted_task_is_gone_also_after_a_restart() {
    String id = id(gateway.api().post(PATH, body("a cat")));
    Api api = gateway.api();

    assertThat(api.send(api.request("/v1/tasks/" + id).DELETE()).status()).isEqualTo(200);
    gateway.kill();
    gateway.startAgain();

    assertThat(gateway.api().get("/v1/tasks/" + id).status()).isEqualTo(410);
    assertThat(gateway.api().record("midjourney", id).size()).isZero();
    assertThat(gateway.api().get("/v1/tasks/" + Api.unknownId()).status()).isEqualTo(404);
  }
}
