package dev.carillon.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.NativeServer;
import dev.carillon.gateway.domain.callback.EndpointId;
import dev.carillon.gateway.domain.callback.SigningSecret;
import dev.carillon.gateway.domain.callback.WebhookEndpoint.Standing;
import dev.carillon.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class EndpointRoutesTest {
  private static final String URL = "https://hooks.example.org/t/very-secret?key=1";

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
  void a_new_endpoint_is_shown_with_its_secret_and_hidden_header_values() {
    JsonNode made =
        server
            .post(
                "/v1/endpoints",
                """
                {"url": "%s", "events": ["task.failed", "task.succeeded"], "description": "billing",
                 "headers": {"X-Team": "a secret"}}
                """
                    .formatted(URL))
            .is(201)
            .json();

    assertThat(made.path("secret").asString()).startsWith("whsec_");
    assertThat(made.path("url").asString()).isEqualTo(URL);
    assertThat(made.path("events").values().stream().map(JsonNode::asString))
        .containsExactly("task.succeeded", "task.failed");
    assertThat(made.path("description").asString()).isEqualTo("billing");
    assertThat(made.path("headers").toString()).isEqualTo("{\"X-Team\":\"[redacted]\"}");
    assertThat(made.path("standing").asString()).isEqualTo("active");
    assertThat(made.path("asymmetric").booleanValue()).isFalse();
    assertThat(made.path("health").path("failures").intValue(-1)).isZero();
    assertThat(made.path("created_at").asString()).isEqualTo(server.clock.instant().toString());
    assertThat(stored(made).headers()).containsEntry("X-Team", "a secret");
  }

  @Test
  void the_secret_is_never_shown_again() {
    JsonNode made = create();

    JsonNode shown = server.get("/v1/endpoints/" + id(made)).is(200).json();

    assertThat(shown.has("secret")).isFalse();
    assertThat(shown.path("url").asString()).isEqualTo(URL);
    assertThat(server.get("/v1/endpoints").text()).doesNotContain("whsec_");
  }

  @Test
  void a_list_shows_of_urls_only_the_origin() {
    create();

    String list = server.get("/v1/endpoints").is(200).text();

    assertThat(list).contains("https://hooks.example.org:443/…").doesNotContain("very-secret");
    assertThat(list).doesNotContain("key=1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|url is missing",
        "{\"url\":\"https://inside/\"}|this address is not public",
        "{\"url\":5}|url must be a text",
        "{\"url\":\"https://a.org\",\"evnts\":[]}|evnts is no field here; the fields are url, events",
        "{\"url\":\"https://a.org\",\"events\":[\"task.done\"]}|must be one of task.started, task.progressed",
        "{\"url\":\"https://a.org\",\"events\":\"task.failed\"}|events must be a list",
        "{\"url\":\"https://a.org\",\"headers\":{\"Webhook-Id\":\"1\"}}|may not hold Webhook-Id",
        "{\"url\":\"https://a.org\",\"headers\":{\"HOST\":\"1\"}}|may not hold HOST",
        "{\"url\":\"https://a.org\",\"headers\":{\"Proxy-Authorization\":\"1\"}}|may not hold Proxy-Auth",
        "{\"url\":\"https://a.org\",\"headers\":{\"X-Forwarded-For\":\"1\"}}|may not hold X-Forwarded-For",
        "{\"url\":\"https://a.org\",\"headers\":{\"a b\":\"1\"}}|no header name",
        "{\"url\":\"https://a.org\",\"headers\":{\"X-A\":\"1\\r\\nX-B: 2\"}}|visible ASCII",
        "{\"url\":\"https://a.org\",\"headers\":{\"X-A\":\"1\",\"x-a\":\"2\"}}|twice",
        "{\"url\":\"https://a.org\",\"headers\":{\"X-A\":\"[redacted]\"}}|send the value itself",
        "{\"url\":\"https://a.org\",\"asymmetric\":\"yes\"}|asymmetric must be true or false",
        "{\"url\":\"https://a.org\",\"enabled\":true}|enabled is no field here",
      })
  void what_cannot_be_is_refused_with_what_to_change(String body, String why) {
    JsonNode error = server.post("/v1/endpoints", body).is(400).json().path("error");

    assertThat(error.path("code").asString()).isEqualTo("bad_request");
    assertThat(error.path("message").asString()).contains(why);
    assertThat(server.get("/v1/endpoints").json().path("items").isEmpty()).isTrue();
  }

  @Test
  void sizes_are_bounded() {
    String text = "x".repeat(501);
    server
        .post("/v1/endpoints", "{\"url\":\"https://a.org\",\"description\":\"" + text + "\"}")
        .is(400);
    server.post("/v1/endpoints", "{\"url\":\"https://a.org/" + "x".repeat(2048) + "\"}").is(400);
    var many = new StringBuilder();
    for (int i = 0; i < 21; i++) {
      many.append(i == 0 ? "" : ",").append("\"X-").append(i).append("\":\"1\"");
    }
    server.post("/v1/endpoints", "{\"url\":\"https://a.org\",\"headers\":{" + many + "}}").is(400);
    String long1 = "\"X-1\":\"" + "x".repeat(2100) + "\",\"X-2\":\"" + "x".repeat(2100) + "\"";
    server.post("/v1/endpoints", "{\"url\":\"https://a.org\",\"headers\":{" + long1 + "}}").is(400);
  }

  @Test
  void an_application_has_at_most_fifty() {
    for (int i = 0; i < 50; i++) {
      create();
    }

    JsonNode error =
        server.post("/v1/endpoints", "{\"url\":\"" + URL + "\"}").is(409).json().path("error");

    assertThat(error.path("code").asString()).isEqualTo("conflict");
    assertThat(error.path("message").asString()).contains("50").contains("delete one");
  }

  @Test
  void another_application_sees_and_changes_nothing_of_it() {
    String path = "/v1/endpoints/" + id(create());

    for (String call :
        List.of("GET ", "PATCH ", "DELETE ", "POST /rotate", "POST /test", "POST /recover")) {
      String method = call.substring(0, call.indexOf(' '));
      String rest = call.substring(call.indexOf(' ') + 1);
      var body = method.equals("GET") ? Optional.<String>empty() : Optional.of("{}");
      JsonNode error =
          server.send(server.other, method, path + rest, body).is(404).json().path("error");
      assertThat(error.path("code").asString()).isEqualTo("not_found");
    }
    assertThat(server.send(server.other, "GET", "/v1/endpoints", Optional.empty()).text())
        .doesNotContain("hooks.example.org");
    server.get("/v1/endpoints/0198c9a1-0000-7000-8000-00000000abcd").is(404);
    server.get("/v1/endpoints/no-id").is(404);
    server.get(path).is(200);
  }

  @Test
  void a_change_changes_what_it_names_and_nothing_else() {
    String path =
        "/v1/endpoints/"
            + id(
                server
                    .post(
                        "/v1/endpoints",
                        "{\"url\":\""
                            + URL
                            + "\",\"description\":\"one\",\"headers\":{\"X-A\":\"1\"}}")
                    .json());

    JsonNode changed =
        patch(path, "{\"url\":\"https://b.org/x\",\"events\":[\"task.failed\"]}").is(200).json();

    assertThat(changed.path("url").asString()).isEqualTo("https://b.org/x");
    assertThat(changed.path("description").asString()).isEqualTo("one");
    assertThat(changed.path("headers").has("X-A")).isTrue();
    assertThat(changed.path("events").get(0).asString()).isEqualTo("task.failed");
    assertThat(server.get(path).json()).isEqualTo(changed);
    assertThat(patch(path, "{}").is(400).text()).contains("nothing to change");
    assertThat(patch(path, "{\"url\":\"https://inside\"}").is(400).text()).contains("not public");
  }

  @Test
  void switched_off_it_waits_and_switched_on_it_hears_on_and_the_feed_tells_both() {
    JsonNode made = create();
    String path = "/v1/endpoints/" + id(made);

    JsonNode off = patch(path, "{\"enabled\":false}").is(200).json();
    assertThat(off.path("standing").asString()).isEqualTo("paused");
    assertThat(off.path("enabled").booleanValue()).isFalse();
    assertThat(stored(made).standing()).isEqualTo(Standing.PAUSED);

    JsonNode on = patch(path, "{\"enabled\":true}").is(200).json();
    assertThat(on.path("standing").asString()).isEqualTo("active");
    assertThat(
            server.store.feed().feed(server.mine.id(), 0, 10).stream()
                .map(item ->
                    new String(
                        dev.carillon.gateway.domain.callback.EventBody.of(item),
                        java.nio.charset.StandardCharsets.UTF_8)))
        .satisfiesExactly(
            first -> assertThat(first).contains("endpoint.disabled"),
            second -> assertThat(second).contains("endpoint.enabled"));
  }

  @Test
  void a_deleted_endpoint_is_gone() {
    String path = "/v1/endpoints/" + id(create());

    assertThat(server.send(server.mine, "DELETE", path, Optional.empty()).is(204).text()).isEmpty();

    server.get(path).is(404);
    server.send(server.mine, "DELETE", path, Optional.empty()).is(404);
  }

  @Test
  void a_rotated_secret_leaves_the_old_one_for_the_overlap() {
    JsonNode made = create();
    String path = "/v1/endpoints/" + id(made) + "/rotate";

    JsonNode rotated = server.post(path, "{\"overlap\":\"1h\"}").is(200).json();

    assertThat(rotated.path("secret").asString()).isNotEqualTo(made.path("secret").asString());
    assertThat(rotated.path("previous_until").asString())
        .isEqualTo(server.clock.instant().plusSeconds(3600).toString());
    assertThat(secrets(made))
        .containsExactly(rotated.path("secret").asString(), made.path("secret").asString());
    server.clock.advance(Duration.ofMinutes(61));
    assertThat(secrets(made)).containsExactly(rotated.path("secret").asString());
    assertThat(server.post(path, "{\"overlap\":\"8d\"}").is(400).text()).contains("at most 7d");
    server.post(path, "").is(200);
  }

  @Test
  void an_endpoint_that_wants_it_gives_its_application_a_key_pair() {
    JsonNode made =
        server
            .post("/v1/endpoints", "{\"url\":\"" + URL + "\",\"asymmetric\":true}")
            .is(201)
            .json();

    assertThat(made.path("asymmetric").booleanValue()).isTrue();
    assertThat(
            server
                .store
                .endpoints()
                .secrets(
                    new SigningSecret.Owner.OfApplication(server.mine.id()),
                    server.clock.instant(),
                    List::of))
        .extracting(SigningSecret::kind)
        .containsOnlyOnce(SigningSecret.Kind.ED25519, SigningSecret.Kind.HMAC);
  }

  @Test
  void a_test_call_shows_what_went_and_what_came_back() {
    String path =
        "/v1/endpoints/"
            + id(
                server
                    .post(
                        "/v1/endpoints",
                        "{\"url\":\"" + URL + "\",\"headers\":{\"X-Team\":\"hidden\"}}")
                    .json());

    var answer = server.post(path + "/test", "").is(200);

    JsonNode shown = answer.json();
    assertThat(shown.path("delivered").booleanValue()).isTrue();
    assertThat(shown.at("/request/headers/webhook-id").asString()).isEqualTo("msg_test");
    assertThat(shown.at("/request/headers/X-Team").asString()).isEqualTo("[redacted]");
    assertThat(shown.at("/request/body").asString()).isEqualTo("{\"type\":\"endpoint.test\"}");
    assertThat(shown.at("/response/status").intValue()).isEqualTo(204);
    assertThat(shown.at("/response/took_ms").intValue()).isEqualTo(12);
    assertThat(shown.at("/response/excerpt").asString()).isEqualTo("thanks");
  }

  @Test
  void what_an_endpoint_missed_is_counted_and_sent() {
    server.succeed(server.mine, Optional.empty());
    JsonNode made = create();
    String path = "/v1/endpoints/" + id(made) + "/recover";

    JsonNode dry = server.post(path, "{\"since\":\"1h\",\"dry_run\":true}").is(200).json();
    assertThat(dry.path("count").intValue()).isEqualTo(1);
    assertThat(dry.path("dry_run").booleanValue()).isTrue();
    assertThat(server.store.deliveries().pendingDeliveries()).isZero();

    assertThat(
            server
                .post(path, "{\"since\":\"2026-01-01T00:00:00Z\"}")
                .json()
                .path("count")
                .intValue())
        .isEqualTo(1);
    assertThat(server.store.deliveries().pendingDeliveries()).isEqualTo(1);
    assertThat(server.post(path, "{}").is(400).text()).contains("since is missing");
    assertThat(server.post(path, "{\"since\":\"yesterday\"}").is(400).text())
        .contains("such as 1h");
  }

  @Test
  void of_much_that_was_missed_the_answer_tells_a_part_and_the_rest_goes_on_by_itself() {
    for (int i = 0; i < 620; i++) {
      server.succeed(server.mine, Optional.empty());
    }
    JsonNode made = create();
    String path = "/v1/endpoints/" + id(made);

    JsonNode begun = server.post(path + "/recover", "{\"since\":\"1h\"}").is(202).json();
    assertThat(begun.path("done").booleanValue()).isFalse();
    assertThat(begun.path("count").intValue()).isBetween(1, 619);
    String progress = path + "/recoveries/" + begun.path("id").asString();
    assertThat(server.get(progress).is(200).json().path("done").booleanValue()).isFalse();

    try (var recoverer = new Recoverer(server.store.recoveries())) {
      recoverer.start();
      Await.until(
          "all is sent",
          Duration.ofSeconds(30),
          () -> server.get(progress).json().path("done").booleanValue());
    }

    assertThat(server.get(progress).json().path("count").intValue()).isEqualTo(620);
    assertThat(server.store.deliveries().pendingDeliveries()).isEqualTo(620);
    server.get(path + "/recoveries/" + id(made)).is(404);
    server.get(path + "/recoveries/x").is(404);
  }

  @Test
  void without_a_token_nothing_is_told() {
    server.anonymous("/v1/endpoints").is(400);
  }

  private JsonNode create() {
    return server.post("/v1/endpoints", "{\"url\":\"" + URL + "\"}").is(201).json();
  }

  private NativeServer.Answered patch(String path, String body) {
    return server.send(server.mine, "PATCH", path, Optional.of(body));
  }

  private List<String> secrets(JsonNode made) {
    return server
        .store
        .endpoints()
        .secrets(
            new SigningSecret.Owner.OfEndpoint(EndpointId.parse(id(made)).orElseThrow()),
            server.clock.instant(),
            List::of)
        .stream()
        .map(SigningSecret::text)
        .toList();
  }

  private dev.carillon.gateway.domain.callback.WebhookEndpoint stored(JsonNode made) {
    return server
        .store
        .endpoints()
        .endpoint(EndpointId.parse(id(made)).orElseThrow(), server.mine.id())
        .orElseThrow();
  }

  private static String id(JsonNode made) {
    return made.path("id").asString();
  }
}
