package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import dev.carillon.client.webhook.Verified;
import dev.carillon.client.webhook.WebhookVerificationException;
import dev.carillon.client.webhook.WebhookVerifier;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import dev.carillon.testkit.SignedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the gateway signs is believed by the official verifiers of Java, Python, JavaScript and Go,
/// and what they sign by ours.
@ExtendWith(SharedGateway.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class InteropIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Api api;
  private final Receiver receiver;
  private List<Verifier> verifiers = List.of();

  InteropIT(Api api, Receiver receiver) {
    this.api = api;
    this.receiver = receiver;
  }

  @BeforeAll
  @Timeout(value = 9, unit = TimeUnit.MINUTES)
  void start() throws Exception {
    Verifier.prepare();
    verifiers = Verifier.startAll();
  }

  @AfterAll
  void stop() {
    verifiers.forEach(Verifier::close);
  }

  @Test
  void the_callback_of_a_request_is_believed_everywhere_with_the_applications_secret()
      throws Exception {
    String path = "/interop-" + UUID.randomUUID();
    String secret = api.get("/v1/webhook-secret").json().path("secret").asString();

    submit(Map.of("callback_url", receiver.url(path).toString()));

    assertBelievedEverywhere(secret, receiver.await(path, 1, SOON).getFirst());
  }

  @Test
  void what_a_registered_endpoint_gets_is_believed_everywhere_with_its_own_secret()
      throws Exception {
    String path = "/interop-" + UUID.randomUUID();
    Answer made =
        api.post(
            "/v1/endpoints",
            Json.of(
                Map.of("url", receiver.url(path).toString(), "events", List.of("task.succeeded"))));
    assertThat(made.status()).as("%s", made).isBetween(200, 201);

    submit(Map.of());
    Received received = receiver.await(path, 1, SOON).getFirst();
    api.send(
        api.request("/v1/endpoints/" + made.json().path("id").asString())
            .method("DELETE", java.net.http.HttpRequest.BodyPublishers.noBody()));

    Verified verified = assertBelievedEverywhere(made.json().path("secret").asString(), received);
    assertThat(verified.type()).contains("task.succeeded");
  }

  private void submit(Map<String, String> more) {
    var body = new TreeMap<String, Object>(more);
    body.put("prompt", "ein Füchslein 🦊");
    body.put("async", true);
    String id = api.submit("/midjourney/imagine", Json.of(body));
    assertThat(id).isNotEmpty();
  }

  private Verified assertBelievedEverywhere(String secret, Received received) throws Exception {
    var headers = new TreeMap<String, String>();
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      headers.put(name, received.header(name).orElse("none came: " + received.head()));
    }
    String changed = received.text().replaceFirst("e", "E");

    for (Verifier verifier : verifiers) {
      assertThat(verifier.believes(secret, headers, received.text()))
          .as("%s believes %s", verifier.language(), received.head())
          .isTrue();
      assertThat(verifier.believes(secret, headers, changed))
          .as("%s believes another body", verifier.language())
          .isFalse();
    }
    new Webhook(secret).verify(received.text(), received.headers());
    WebhookVerifier ours = WebhookVerifier.builder().secret(secret).build();
    assertThatThrownBy(
            () -> ours.verify(changed.getBytes(StandardCharsets.UTF_8), received.headers()))
        .isInstanceOf(WebhookVerificationException.class);
    return ours.verify(received.body(), received.headers());
  }

  @Test
  void what_the_official_libraries_sign_is_believed_by_ours() throws Exception {
    String body = "{\"type\":\"task.succeeded\",\"data\":\"ein Füchslein 🦊\"}";
    long now = InstantSource.system().instant().getEpochSecond();
    WebhookVerifier ours = WebhookVerifier.builder().secret(SignedRequest.SECRET).build();

    for (Verifier verifier : verifiers) {
      String signature = verifier.sign(SignedRequest.SECRET, "msg_1", now, body);
      Verified verified =
          ours.verify(
              body.getBytes(StandardCharsets.UTF_8),
              SignedRequest.headers("msg_1", "" + now, signature));
      assertThat(verified.type()).as(verifier.language()).contains("task.succeeded");
    }
    assertThat(verifiers).hasSizeGreaterThanOrEqualTo(2);
  }
}
