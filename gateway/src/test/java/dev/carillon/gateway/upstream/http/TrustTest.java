package dev.carillon.gateway.upstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.upstream.DefinitionException;
import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whom the gateway believes: a provider's answers lead to its own server and to public ones, never
/// to another provider's or to a neighbour; nothing is sent twice; keys are never told.
class TrustTest {
  private static final String FILE =
      """
      name: demo
      source: a page
      checked: "2026-11-26"
      base-url: $DEMO_URL
      hosts: ["*"]
      keys: {key: DEMO_KEY}
      submit: {path: /jobs, body: '{"prompt": request.prompt}', job: {id: answer.id}}
      poll: {path: "/jobs/{job.id}"}
      state: answer.status
      words: {done: [ready], running: [working]}
      works: '{"url": answer.url, "urls": answer.urls, "more": answer.more}'
      serves:
        - endpoint: /seedream/images
      """;

  @TempDir Path folder;
  private final Receiver provider = Receiver.start();
  private final Receiver other = Receiver.start();

  @AfterEach
  void close() {
    provider.close();
    other.close();
  }

  private Desk desk(Map<String, String> more) throws Exception {
    return desk(FILE, more);
  }

  private Desk desk(String file, Map<String, String> more) throws Exception {
    Files.createDirectories(folder.resolve("providers"));
    Files.writeString(folder.resolve("providers/demo.yaml"), file);
    var environment = new HashMap<>(more);
    environment.putIfAbsent("DEMO_URL", "http://127.0.0.1:" + provider.port());
    environment.putIfAbsent("DEMO_KEY", "k");
    return new Desk(
        new ProviderConfig(
            Optional.of(folder.resolve("providers")),
            environment,
            Map.of("bfl", URI.create("http://127.0.0.1:" + other.port())),
            Set.of(),
            Optional.empty(),
            folder.resolve("spool"),
            Spool.Limits.DEFAULTS),
        "/seedream/images",
        "{\"prompt\":\"sea\"}");
  }

  private static Reaction json(String body) {
    return new Reaction.Answer(200, Map.of("Content-Type", "application/json"), body);
  }

  private void answering(String result) {
    provider.otherwise(request ->
        json(
            request.method().equals("POST")
                ? "{\"id\":\"j1\"}"
                : "{\"status\":\"ready\"," + result + "}"));
  }

  @Test
  void a_result_may_stand_on_the_providers_own_server() throws Exception {
    answering("\"url\":\"http://127.0.0.1:" + provider.port() + "/a.png\"");
    try (var desk = desk(Map.of())) {
      assertThat(desk.end()).isInstanceOf(Outcome.Done.class);
    }
  }

  @Test
  void a_result_on_another_providers_server_is_not_given_out() throws Exception {
    for (String shape :
        List.of(
            "\"url\":\"http://127.0.0.1:%d/view?x=1\"",
            "\"urls\":[\"http://127.0.0.1:%d/view?x=1\"]",
            "\"more\":{\"deep\":[{\"file_url\":\"http://127.0.0.1:%d/view\"}]}")) {
      answering(shape.formatted(other.port()));
      try (var desk = desk(Map.of("BFL_API_KEY", "b"))) {
        assertThat(desk.end()).as(shape).isInstanceOf(Outcome.Refused.class);
      }
    }
    assertThat(other.count()).isZero();
  }

  @Test
  void a_result_is_not_fetched_from_a_neighbour() throws Exception {
    String file = FILE.replace("state:", "result: {path: \"/files/{job.id}\"}\nstate:");
    provider.otherwise(request ->
        request.path().startsWith("/files/")
            ? Reaction.redirect(302, "http://127.0.0.1:" + other.port() + "/secret")
            : json(request.method().equals("POST") ? "{\"id\":\"j1\"}" : "{\"status\":\"ready\"}"));
    other.otherwise(_ -> json("{\"url\":\"https://a.example/secret.png\"}"));
    try (var desk = desk(file, Map.of())) {
      assertThat(desk.end()).isNotInstanceOf(Outcome.Done.class);
    }
    assertThat(other.count()).isZero();
  }

  @Test
  void a_submission_is_sent_once_though_the_provider_says_try_again_at_once() throws Exception {
    provider.otherwise(request -> Reaction.status(503, "Retry-After", "0"));
    try (var desk = desk(Map.of())) {
      desk.turn();
    }
    assertThat(provider.received()).extracting(Received::method).containsExactly("POST");
  }

  @Test
  void a_key_that_cannot_be_sent_stops_the_start_and_is_not_told() {
    var stopped =
        catchThrowableOfType(
            DefinitionException.class, () -> desk(Map.of("DEMO_KEY", "geheim\u00e9")).close());

    assertThat(stopped.faults())
        .containsExactly(
            "DEMO_KEY: holds a character that no key may have; keys are visible ASCII without spaces");
    assertThat(stopped).hasMessageNotContaining("geheim");
  }

  @Test
  void a_port_that_is_not_written_is_the_usual_one() {
    var secure = new Hosts(URI.create("https://api.example"), List.of());
    var plain = new Hosts(URI.create("http://api.example:80"), List.of());

    assertThat(secure.isBase(URI.create("https://api.example:443/x"))).isTrue();
    assertThat(plain.isBase(URI.create("http://api.example/x"))).isTrue();
    assertThat(plain.isBase(URI.create("http://api.example:81/x"))).isFalse();
    assertThat(secure.isBase(URI.create("http://api.example:443/x"))).isFalse();
  }
}
