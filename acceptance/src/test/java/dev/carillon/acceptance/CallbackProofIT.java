package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.client.webhook.WebhookVerificationException;
import dev.carillon.client.webhook.WebhookVerifier;
import dev.carillon.testkit.Await;
import dev.carillon.testkit.Reaction;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// An application with many receivers, each of which misbehaves in its own way at first, and a
/// gateway that is killed twice while it sends: nothing is lost, and what comes again has the same
/// id and the same bytes.
///
/// After a timeout a receiver is left alone for a minute, which the test does not wait for: those
/// that hang do so until the process is killed.
final class CallbackProofIT {
  private static final int TASKS_OF_A_WAVE = 20;
  private static final Duration SOON = Duration.ofSeconds(45);
  private static final String CALLBACK = "/callback-url";
  private static final Reaction OK = Reaction.status(200);
  private static final Reaction BUSY = Reaction.status(429, "Retry-After", "1");
  private static final Duration DRIP = Duration.ofMillis(100);

  /// What each path does with its first requests; then it answers 200. Fewer than five failures in
  /// a row, so that no circuit opens.
  private static final Map<String, List<Reaction>> MISCHIEF =
      Map.ofEntries(
          Map.entry("/well", List.of()),
          Map.entry("/hang", List.of(new Reaction.Hang(), new Reaction.Hang())),
          Map.entry("/drip-head", List.of(new Reaction.DripHead(DRIP), OK, OK)),
          Map.entry("/drip-body", List.of(new Reaction.DripBody(DRIP), OK, OK)),
          Map.entry("/reset", List.of(new Reaction.Reset(), new Reaction.Reset())),
          Map.entry("/close", List.of(new Reaction.Close(), OK, new Reaction.Close())),
          Map.entry("/half", List.of(new Reaction.HalfAnswer(), new Reaction.HalfAnswer())),
          Map.entry("/error", List.of(Reaction.status(500), Reaction.status(503), OK)),
          Map.entry("/busy", List.of(BUSY, BUSY)),
          Map.entry("/loop", List.of(Reaction.redirect(307, "/loop"), Reaction.status(302))),
          Map.entry("/garbage", List.of(Reaction.garbage(), Reaction.garbage())),
          Map.entry("/huge", List.of(new Reaction.Huge(200, 1 << 24), new Reaction.Huge(500, 99))),
          Map.entry("/endless", List.of(new Reaction.EndlessChunks(), new Reaction.EndlessHead())),
          Map.entry(CALLBACK, List.of(new Reaction.Reset(), Reaction.status(500))));

  private static GatewayProcess gateway;
  private static Receiver receiver;

  @BeforeAll
  static void start() {
    receiver = Receiver.start();
    gateway =
        GatewayProcess.start(Map.of("CARILLON_CALLBACK_RETRIES", "1s,1s,1s,1s,1s,1s,1s,1s,1s,1s"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    receiver.close();
  }

  @Test
  void nobody_misses_an_event_whatever_receivers_do_and_whenever_the_gateway_dies()
      throws Exception {
    MISCHIEF.forEach(CallbackProofIT::script);
    Map<String, WebhookVerifier> verifiers = register();

    var tasks = new ArrayList<>(wave());
    awaitRequests(3);
    gateway.kill();
    gateway.startAgain();
    tasks.addAll(wave());
    awaitRequests(TASKS_OF_A_WAVE);
    gateway.kill();
    gateway.startAgain();
    tasks.forEach(CallbackProofIT::awaitDelivered);

    for (var verifier : verifiers.entrySet()) {
      assertProved(verifier.getKey(), verifier.getValue(), tasks);
    }
    long requests = receiver.received().size();
    int wanted = tasks.size() * MISCHIEF.size();
    System.out.printf(
        "callbacks: %d wanted, 0 lost, %d requests, each repeat with the same id and bytes%n",
        wanted, requests);
  }

  private static void script(String path, List<Reaction> first) {
    var all = new ArrayList<>(first);
    all.add(OK);
    receiver.on(path, all.getFirst(), all.subList(1, all.size()).toArray(Reaction[]::new));
  }

  /// An endpoint for each path, and what verifies its signatures.
  private static Map<String, WebhookVerifier> register() {
    Api api = gateway.api();
    var verifiers = new LinkedHashMap<String, WebhookVerifier>();
    for (String path : MISCHIEF.keySet()) {
      Answer answer =
          path.equals(CALLBACK)
              ? api.get("/v1/webhook-secret")
              : api.post(
                  "/v1/endpoints",
                  Json.of(
                      Map.of(
                          "url",
                          receiver.url(path).toString(),
                          "events",
                          List.of("task.succeeded"))));
      assertThat(answer.status()).as("%s", answer).isIn(200, 201);
      String secret = answer.json().path("secret").asString();
      verifiers.put(path, WebhookVerifier.builder().secret(secret).build());
    }
    return verifiers;
  }

  private static List<String> wave() {
    Api api = gateway.api();
    var ids = new ArrayList<String>();
    for (int i = 0; i < TASKS_OF_A_WAVE; i++) {
      ids.add(
          api.submit(
              "/flux/images",
              Json.of(
                  Map.of(
                      "prompt",
                      "a cat",
                      "action",
                      "generate",
                      "size",
                      "512x512",
                      "callback_url",
                      receiver.url(CALLBACK).toString()))));
    }
    return ids;
  }

  private static void awaitRequests(int number) throws InterruptedException {
    for (String path : MISCHIEF.keySet()) {
      receiver.await(path, number, SOON);
    }
  }

  private static void awaitDelivered(String task) {
    Api api = gateway.api();
    Set<String> states = new HashSet<>();
    Await.until(
        "the deliveries of " + task + " are done",
        SOON,
        () -> {
          JsonNode items = api.get("/v1/deliveries?limit=100&task=" + task).json().path("items");
          states.clear();
          items.forEach(item -> states.add(item.path("state").asString()));
          return items.size() == MISCHIEF.size() && !states.contains("pending");
        });
    assertThat(states).containsExactly("delivered");
  }

  /// Each task came, under one id, and each request is signed and has the bytes of its id.
  private static void assertProved(String path, WebhookVerifier verifier, List<String> tasks)
      throws WebhookVerificationException {
    List<Received> requests = receiver.received(path);
    var bytes = new HashMap<String, String>();
    for (Received request : requests) {
      String id = verifier.verify(request.body(), request.headers()).id();
      assertThat(bytes.merge(id, request.text(), (before, _) -> before)).isEqualTo(request.text());
    }
    List<String> told =
        bytes.values().stream()
            .map(Json::read)
            .map(body -> body.at("/data/task_id").asString(body.path("task_id").asString("")))
            .toList();
    assertThat(told).as(path).containsExactlyInAnyOrderElementsOf(tasks);
    assertThat(requests.stream().map(Received::method).collect(Collectors.toSet()))
        .containsExactly("POST");
  }
}
