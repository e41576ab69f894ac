package dev.carillon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.gateway.Gateway;
import dev.carillon.gateway.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole gateway in this process, and an application's token for it.
final class LiveGateway implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  final int port;
  final String token;

  LiveGateway(Path data) {
    var settings =
        Map.of(
            "port", "0",
            "data", data.toString(),
            "sandbox.speed", "1000",
            "http.grace", "1s",
            "callback.allow-private", "true");
    gateway =
        Gateway.open(
            Settings.of(List.of(new Settings.Source("test", settings))),
            InstantSource.system(),
            new SecureRandom(),
            () -> ThreadLocalRandom.current().nextLong());
    port = gateway.start();
    token = gateway.firstToken().orElseThrow();
  }

  GatewayApi api(int through) {
    return new GatewayApi(URI.create("http://127.0.0.1:" + through), token);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  JsonNode get(String path) {
    return send(request(path));
  }

  JsonNode post(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  /// Runs some tasks to their ends, one after the other.
  void tasks(int count) {
    for (int i = 0; i < count; i++) {
      String body = "{\"prompt\":\"a bell [[sandbox take=0s]]\",\"async\":true}";
      String id = post("/v1/midjourney/imagine", body).path("task_id").asString();
      JsonNode task = get("/v1/tasks/" + id + "?wait=30s");
      assertThat(task.path("state").asString()).isEqualTo("succeeded");
    }
  }

  /// The bytes of all events of a type, as the feed has them.
  List<String> events(String type) {
    return get("/v1/events?limit=1000&types=" + type).path("items").values().stream()
        .map(item -> item.path("event").toString())
        .toList();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + token);
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
      return JSON.readTree(response.body());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  /// The cursor a consumer acknowledged; empty when there is no such consumer.
  Optional<String> acknowledged(String consumer) {
    return get("/v1/consumers").path("items").values().stream()
        .filter(item -> item.path("name").asString().equals(consumer))
        .map(item -> item.path("cursor").asString())
        .findFirst();
  }

  @Override
  public void close() {
    client.shutdownNow();
    gateway.close();
  }
}
