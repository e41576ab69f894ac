package dev.carillon.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.NativeServer;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.domain.callback.Receipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class DeliveryRoutesTest {
  private static final String CALLBACK = "https://caller.example.org/t/very-secret?key=1";

  @SuppressWarnings("NullAway.Init") // set by JUnit
  @TempDir
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private NativeServer server;

  @BeforeEach
  void open() {
    server = Stand.open(folder);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void a_delivery_shows_its_attempts_and_never_a_whole_url() throws Exception {
    Task task = server.succeed(server.mine, Optional.of(CALLBACK));
    attempt(
        503,
        Optional.of("http_503"),
        new Receipt.Next.Retry(server.clock.instant().plusSeconds(5), true));

    var list = server.get("/v1/deliveries").is(200);
    JsonNode listed = list.json().path("items").get(0);
    assertThat(listed.path("state").asString()).isEqualTo("pending");
    assertThat(listed.path("task_id").asString()).isEqualTo(task.id().toString());
    assertThat(listed.path("type").asString()).isEqualTo("task.succeeded");
    assertThat(listed.path("event_id").asString()).startsWith("msg_");
    assertThat(listed.path("url").asString()).isEqualTo("https://caller.example.org:443/…");
    assertThat(listed.path("attempt_count").intValue()).isEqualTo(1);
    assertThat(listed.path("last_attempt").path("status").intValue()).isEqualTo(503);
    assertThat(list.text()).doesNotContain("very-secret");

    var whole = server.get("/v1/deliveries/" + listed.path("id").asString()).is(200);
    JsonNode attempt = whole.json().path("attempts").get(0);
    assertThat(attempt.path("number").intValue()).isEqualTo(1);
    assertThat(attempt.path("took_ms").intValue()).isEqualTo(7);
    assertThat(attempt.path("failure").asString()).isEqualTo("http_503");
    assertThat(attempt.path("excerpt").asString()).isEqualTo("out of order");
    assertThat(attempt.path("next").asString()).isEqualTo("retry");
    assertThat(attempt.path("next_at").asString())
        .isEqualTo(server.clock.instant().plusSeconds(5).toString());
    assertThat(whole.text()).doesNotContain("very-secret");
  }

  @Test
  void a_delivery_of_an_endpoint_names_it_and_its_origin() {
    String endpoint =
        server
            .post("/v1/endpoints", "{\"url\":\"https://hooks.example.org/secret\"}")
            .json()
            .path("id")
            .asString();
    server.succeed(server.mine, Optional.empty());

    JsonNode listed = server.get("/v1/deliveries?endpoint=" + endpoint).json().path("items").get(0);

    assertThat(listed.path("endpoint_id").asString()).isEqualTo(endpoint);
    assertThat(listed.path("url").asString()).isEqualTo("https://hooks.example.org:443/…");
    assertThat(listed.path("last_attempt").isNull()).isTrue();
  }

  @Test
  void a_list_is_read_page_by_page() {
    List<String> tasks =
        List.of(
            server.succeed(server.mine, Optional.of(CALLBACK)).id().toString(),
            server.succeed(server.mine, Optional.of(CALLBACK)).id().toString(),
            server.succeed(server.mine, Optional.of(CALLBACK)).id().toString());

    JsonNode first = server.get("/v1/deliveries?limit=2&task=&endpoint=&state=").is(200).json();
    assertThat(first.path("items").values().stream().map(item -> item.path("task_id").asString()))
        .containsExactly(tasks.get(2), tasks.get(1));

    JsonNode last =
        server.get("/v1/deliveries?limit=2&after=" + first.path("next").asString()).json();
    assertThat(last.path("items").values().stream().map(item -> item.path("task_id").asString()))
        .containsExactly(tasks.get(0));
    assertThat(last.path("next").isNull()).isTrue();
  }

  @Test
  void a_list_holds_what_was_asked_for() throws Exception {
    Task first = server.succeed(server.mine, Optional.of(CALLBACK));
    attempt(200, Optional.empty(), new Receipt.Next.Delivered());
    server.clock.advance(Duration.ofHours(1));
    server.succeed(server.mine, Optional.of(CALLBACK));
    String later = server.clock.instant().minusSeconds(60).toString();

    assertThat(count("?state=delivered")).isEqualTo(1);
    assertThat(count("?state=pending")).isEqualTo(1);
    assertThat(count("?task=" + first.id())).isEqualTo(1);
    assertThat(count("?created_after=" + later)).isEqualTo(1);
    assertThat(count("?created_before=" + later)).isEqualTo(1);
    assertThat(count("?type=task.failed")).isZero();
    assertThat(count("?type=task.succeeded")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "state=done",
        "task=1",
        "endpoint=x",
        "type=task.done",
        "created_after=now",
        "after=7",
        "limit=0",
        "limit=101"
      })
  void what_cannot_be_read_is_refused_by_its_name(String parameter) {
    String name = parameter.substring(0, parameter.indexOf('='));

    assertThat(server.get("/v1/deliveries?" + parameter).is(400).text())
        .contains(name + " must be");
  }

  @Test
  void another_application_sees_nothing_of_it() {
    server.succeed(server.mine, Optional.of(CALLBACK));
    String path =
        "/v1/deliveries/"
            + server.get("/v1/deliveries").json().path("items").get(0).path("id").asString();

    server.send(server.other, "GET", path, Optional.empty()).is(404);
    server.send(server.other, "POST", path + "/redeliver", Optional.of("{}")).is(404);
    assertThat(
            server
                .send(server.other, "GET", "/v1/deliveries", Optional.empty())
                .json()
                .path("items")
                .isEmpty())
        .isTrue();
    server.get("/v1/deliveries/0198c9a1-0000-7000-8000-00000000abcd").is(404);
  }

  @Test
  void a_delivered_one_is_sent_again_also_under_a_new_id() throws Exception {
    server.succeed(server.mine, Optional.of(CALLBACK));
    Dispatch before = attempt(200, Optional.empty(), new Receipt.Next.Delivered());
    String path = "/v1/deliveries/" + before.id() + "/redeliver";

    assertThat(server.post(path, "").is(200).json().path("state").asString()).isEqualTo("pending");
    Dispatch again = attempt(200, Optional.empty(), new Receipt.Next.Delivered());
    assertThat(again.webhookId()).isEqualTo(before.webhookId());

    server.post(path, "{\"new_id\":true}").is(200);
    Dispatch anew = attempt(200, Optional.empty(), new Receipt.Next.Delivered());
    assertThat(anew.webhookId()).isNotEqualTo(before.webhookId());
    assertThat(server.post(path, "{\"newid\":true}").is(400).text()).contains("newid");
  }

  @Test
  void many_are_sent_again_by_what_they_have_in_common() throws Exception {
    for (int i = 0; i < 3; i++) {
      server.succeed(server.mine, Optional.of(CALLBACK));
      attempt(500, Optional.of("http_500"), new Receipt.Next.Exhausted());
    }
    server.succeed(server.other, Optional.of(CALLBACK));
    int others = 1;

    String dry = "{\"state\":\"exhausted\",\"dry_run\":true}";
    assertThat(server.post("/v1/deliveries/redeliver", dry).is(200).json().path("count").intValue())
        .isEqualTo(3);
    assertThat(server.store.deliveries().pendingDeliveries()).isEqualTo(others);

    var done = server.post("/v1/deliveries/redeliver", "{\"state\":\"exhausted\"}").is(200);
    assertThat(done.json().path("count").intValue()).isEqualTo(3);
    assertThat(server.store.deliveries().pendingDeliveries()).isEqualTo(3 + others);
  }

  @Test
  void the_answer_says_that_these_were_all_and_a_place_to_go_on_from_is_taken() throws Exception {
    for (int i = 0; i < 3; i++) {
      server.succeed(server.mine, Optional.of(CALLBACK));
      attempt(500, Optional.of("http_500"), new Receipt.Next.Exhausted());
    }
    String newest = server.get("/v1/deliveries").json().path("items").get(0).path("id").asString();
    String path = "/v1/deliveries/redeliver";

    var rest = server.post(path, "{\"state\":\"exhausted\",\"after\":\"" + newest + "\"}").is(200);

    assertThat(rest.json().path("count").intValue()).isEqualTo(2);
    assertThat(rest.json().path("done").booleanValue()).isTrue();
    assertThat(rest.json().has("after")).isFalse();
    assertThat(server.post(path, "{\"state\":\"gone\",\"after\":\"7\"}").is(400).text())
        .contains("after must be");
  }

  @Test
  void a_delivery_is_found_by_ids_that_are_written_without_dashes() {
    Task task = server.succeed(server.mine, Optional.of(CALLBACK));

    assertThat(count("?task=" + task.id().toString().replace("-", ""))).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"dry_run\":true}"})
  void everything_at_once_is_not_sent_again(String body) {
    assertThat(server.post("/v1/deliveries/redeliver", body).is(400).text())
        .contains("at least one of task, endpoint, state");
  }

  private int count(String query) {
    return server.get("/v1/deliveries" + query).is(200).json().path("items").size();
  }

  private Dispatch attempt(int status, Optional<String> failure, Receipt.Next next)
      throws InterruptedException {
    List<Dispatch> claimed =
        server.store.deliveries().claimDeliveries(_ -> 1, 1, Duration.ofSeconds(10));
    assertThat(claimed).hasSize(1);
    server
        .store
        .deliveries()
        .recordAttempt(
            claimed.getFirst(),
            new Receipt(
                server.clock.instant(),
                Duration.ofMillis(7),
                status,
                failure,
                "out of order",
                next));
    return claimed.getFirst();
  }
}
