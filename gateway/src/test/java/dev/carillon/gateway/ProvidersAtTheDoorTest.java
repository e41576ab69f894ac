package dev.carillon.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import dev.carillon.testkit.Received;
import dev.carillon.testkit.provider.ProviderStandIn;
import dev.carillon.testkit.provider.ProviderStandIn.Trouble;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole gateway in front of stand-ins that count: with a key it goes to the provider, and
/// whatever happens on the way, nothing is generated twice and money follows the end.
class ProvidersAtTheDoorTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String PICTURE =
      "{\"prompt\":\"sea\",\"model\":\"flux-dev\",\"async\":true}";

  @TempDir Path data;
  private final Map<String, String> settings = new HashMap<>();
  private ProviderStandIn standIn = ProviderStandIn.start("replicate");

  @AfterEach
  void close() {
    standIn.close();
  }

  /// The shipped definition, whose jobs are expected to take no time, so that looking begins at
  /// once.
  private Door door() throws IOException {
    return door("replicate", "REPLICATE_API_TOKEN=test-key");
  }

  private Door door(String provider, String keys) throws IOException {
    Files.createDirectories(data.resolve("providers"));
    try (var in = getClass().getResourceAsStream("/providers/" + provider + ".yaml")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          data.resolve("providers/" + provider + ".yaml"),
          text.replaceFirst("(?m)^time: .*", "time: 1s"));
    }
    settings.put("provider.keys", keys);
    settings.putIfAbsent("asset.copy", "false"); // the hosts of shipped files are not here
    settings.putIfAbsent("provider.base-urls", provider + "=" + standIn.url());
    return new Door(data, settings);
  }

  private static String accepted(Door door, String path, String body) {
    return door.post(path, body).text("/task_id");
  }

  private static String state(Door door, String id) {
    return door.get("/v1/tasks/" + id).text("/state");
  }

  @Test
  void a_key_is_all_it_takes_to_go_to_the_provider() throws Exception {
    try (Door door = door()) {
      Door.Answer answer =
          door.post(
              "/flux/images",
              "{\"prompt\":\"sea\",\"model\":\"flux-dev\",\"action\":\"generate\"}");

      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      assertThat(answer.text("/data/0/image_url")).startsWith("https://replicate.delivery/");
      assertThat(standIn.generated()).isEqualTo(1);
      JsonNode task = door.get("/v1/tasks/" + answer.text("/task_id")).json();
      assertThat(task.at("/charge/charged").asString()).isEqualTo("0.12");
    }
  }

  @Test
  void an_endpoint_without_a_provider_stays_with_the_sandbox() throws Exception {
    try (Door door = door()) {
      assertThat(door.post("/seedream/images", "{\"prompt\":\"sea\"}").status()).isEqualTo(200);
      assertThat(standIn.received()).isEmpty();
    }
  }

  @Test
  void moderation_costs_nothing() throws Exception {
    try (Door door = door()) {
      String id = accepted(door, "/flux/images", PICTURE.replace("sea", "MODERATE"));

      JsonNode task = door.ended(id);

      assertThat(task.at("/charge/reason").asString()).isEqualTo("moderated");
      assertThat(task.at("/charge/released").asString()).isEqualTo("0.12");
      assertThat(task.at("/charge/charged").asString()).isEqualTo("0");
    }
  }

  @Test
  void waiting_tasks_hold_no_place() throws Exception {
    standIn.looks(3);
    settings.put("engine.running-tasks", "1");
    try (Door door = door()) {
      var ids =
          IntStream.range(0, 5).mapToObj(_ -> accepted(door, "/flux/images", PICTURE)).toList();

      Await.until("all five are with the provider", SOON, () -> standIn.generated() == 5);
      assertThat(ids).allMatch(id -> state(door, id).equals("running"));
      ids.forEach(id -> assertThat(door.ended(id).path("state").asString()).isEqualTo("succeeded"));
      assertThat(standIn.generated()).isEqualTo(5);
    }
  }

  @Test
  void a_restart_goes_on_with_the_job_it_had() throws Exception {
    standIn.looks(4);
    Door door = door();
    String id = accepted(door, "/flux/images", PICTURE);
    Await.until(
        "it is with the provider",
        SOON,
        () -> state(door, id).equals("running") && standIn.generated() == 1);
    door.close();

    try (Door after = Door.again(data, settings, door.token())) {
      assertThat(after.ended(id).path("state").asString()).isEqualTo("succeeded");
    }
    assertThat(standIn.generated()).isEqualTo(1);
  }

  @Test
  void a_lost_answer_is_indeterminate_until_it_is_found() throws Exception {
    standIn.close();
    standIn = ProviderStandIn.start("kling").submitting(Trouble.LOST);
    try (Door door = door("kling", "KLING_ACCESS_KEY=test-key,KLING_SECRET_KEY=test-key")) {
      String id =
          accepted(
              door,
              "/kling/videos",
              "{\"prompt\":\"sea\",\"action\":\"text2video\",\"async\":true}");
      Await.until("its fate is unknown", SOON, () -> state(door, id).equals("indeterminate"));
      assertThat(door.get("/v1/tasks/" + id).text("/charge/reason")).isEqualTo("indeterminate");

      JsonNode task = door.ended(id);

      assertThat(task.path("state").asString()).isEqualTo("succeeded");
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @Test
  void an_unknown_fate_survives_a_restart_and_is_still_found() throws Exception {
    standIn.close();
    standIn = ProviderStandIn.start("kling").submitting(Trouble.LOST);
    Door door = door("kling", "KLING_ACCESS_KEY=test-key,KLING_SECRET_KEY=test-key");
    String id =
        accepted(
            door, "/kling/videos", "{\"prompt\":\"sea\",\"action\":\"text2video\",\"async\":true}");
    Await.until("its fate is unknown", SOON, () -> state(door, id).equals("indeterminate"));
    door.close();

    try (Door after = Door.again(data, settings, door.token())) {
      assertThat(after.ended(id).path("state").asString()).isEqualTo("succeeded");
    }
    assertThat(standIn.generated()).isEqualTo(1);
  }

  @Test
  void what_cannot_be_looked_up_is_never_sent_again_and_expires_unpaid() throws Exception {
    standIn.submitting(Trouble.LOST);
    try (Door door = door()) {
      Door.Answer answer = door.post("/flux/images", PICTURE, "Carillon-Finish-By", "3s");

      JsonNode task = door.ended(answer.text("/task_id"));

      assertThat(task.path("state").asString()).isEqualTo("expired");
      assertThat(task.at("/charge/charged").asString()).isEqualTo("0");
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  @Test
  void cancelling_stops_the_job_at_the_provider() throws Exception {
    standIn.looks(50);
    try (Door door = door()) {
      String id = accepted(door, "/flux/images", PICTURE);
      Await.until("it is with the provider", SOON, () -> standIn.generated() == 1);
      Await.until("it waits", SOON, () -> metric(door, "carillon_tasks_upstream").startsWith("1"));

      door.post("/v1/tasks/" + id + "/cancel", "");

      assertThat(door.ended(id).path("state").asString()).isEqualTo("cancelled");
      assertThat(standIn.cancelled()).isEqualTo(1);
    }
  }

  private static String metric(Door door, String name) {
    return door.get("/metrics")
        .response()
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  /// News only make it look; they are no result. Without them the second look would come 8 s after
  /// the first.
  @Test
  void news_of_the_provider_bring_the_next_look_forward() throws Exception {
    standIn.looks(1);
    settings.put("public-url", "http://gateway.example.com");
    try (Door door = door()) {
      String id = accepted(door, "/flux/images", PICTURE);
      Await.until("it waits", SOON, () -> metric(door, "carillon_tasks_upstream").startsWith("1"));
      URI told = URI.create(hook());
      assertThat(told.getPath()).startsWith("/upstream/replicate/");
      long asked = looks();

      assertThat(news(door, told.getPath())).isEqualTo(204);
      Await.until("it is looked at", Duration.ofSeconds(3), () -> looks() == asked + 1);
      Await.until("it waits", SOON, () -> metric(door, "carillon_tasks_upstream").startsWith("1"));
      news(door, told.getPath());

      assertThat(door.ended(id).path("state").asString()).isEqualTo("succeeded");
      assertThat(news(door, "/upstream/replicate/" + "A".repeat(43))).isEqualTo(404);
    }
  }

  /// Nothing but news can tell what became of a submission that was lost on the way back.
  @Test
  void news_tell_which_job_a_lost_submission_became() throws Exception {
    standIn.submitting(Trouble.LOST);
    settings.put("public-url", "http://gateway.example.com");
    try (Door door = door()) {
      String id = accepted(door, "/flux/images", PICTURE);
      Await.until("its fate is unknown", SOON, () -> state(door, id).equals("indeterminate"));
      Await.until("it waits", SOON, () -> metric(door, "carillon_tasks_upstream").startsWith("1"));

      news(door, URI.create(hook()).getPath());

      assertThat(door.ended(id).path("state").asString()).isEqualTo("succeeded");
      assertThat(standIn.generated()).isEqualTo(1);
    }
  }

  private String hook() {
    Received submitted =
        standIn.received().stream()
            .filter(one -> one.method().equals("POST"))
            .findFirst()
            .orElseThrow();
    return JsonMapper.shared().readTree(submitted.text()).path("webhook").asString("");
  }

  private long looks() {
    return standIn.received().stream().filter(one -> one.method().equals("GET")).count();
  }

  private static int news(Door door, String path) throws Exception {
    String body = "{\"id\":\"job-0001\"}";
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  /// The other gateway is a real one, whose sandbox makes the picture.
  @Test
  void gateways_chain() throws Exception {
    try (Door far = new Door(data.resolve("far"), Map.of())) {
      settings.put("provider.base-urls", "carillon=http://127.0.0.1:" + far.port());
      try (Door near =
          door(
              "carillon",
              "UPSTREAM_CARILLON_URL=http://unused,UPSTREAM_CARILLON_TOKEN=" + far.token())) {
        Door.Answer made = near.post("/seedream/images", "{\"prompt\":\"sea\"}");
        Door.Answer refused =
            near.post("/seedream/images", "{\"prompt\":\"[[sandbox moderated]] sea\"}");

        assertThat(made.status()).as(made.toString()).isEqualTo(200);
        assertThat(made.text("/data/0/image_url"))
            .startsWith("http://127.0.0.1:" + far.port() + "/sandbox/media/");
        assertThat(refused.status()).as(refused.toString()).isEqualTo(403);
        assertThat(far.get("/v1/tasks").json().toString()).contains(made.text("/task_id"));
      }
    }
  }

  @Test
  void results_that_come_as_bytes_are_kept_and_served() throws Exception {
    standIn.close();
    standIn = ProviderStandIn.start("elevenlabs");
    try (Door door = door("elevenlabs", "ELEVENLABS_API_KEY=test-key")) {
      Door.Answer answer = door.post("/elevenlabs/speech", "{\"text\":\"good morning\"}");

      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      URI link = URI.create(answer.text("/audio_url"));
      Door.Answer file = door.get(link.getRawPath() + "?" + link.getRawQuery());
      assertThat(file.status()).isEqualTo(200);
      assertThat(file.header("content-type")).isEqualTo("audio/mpeg");
      assertThat(file.response().body()).startsWith("ID3");
    }
  }
}
