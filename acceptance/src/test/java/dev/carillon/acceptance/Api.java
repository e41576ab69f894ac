package dev.carillon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A caller of the gateway with a token.
///
/// @param base such as `http://127.0.0.1:8080`
/// @param token goes into `Authorization`; empty sends none
record Api(URI base, Optional<String> token) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private static final Duration LONGEST = Duration.ofSeconds(90);

  /// The slowest service of the sandbox takes up to half a minute here, and its machine may be
  /// busy.
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(3);

  Api as(String otherToken) {
    return new Api(base, Optional.of(otherToken));
  }

  Api anonymous() {
    return new Api(base, Optional.empty());
  }

  /// The address of this path; a full URL stays as it is.
  URI uri(String path) {
    return path.startsWith("http") ? URI.create(path) : URI.create(base + path);
  }

  /// A request with the token and these headers, given as name, value, name, value.
  HttpRequest.Builder request(String path, String... headers) {
    var request = HttpRequest.newBuilder(uri(path)).timeout(LONGEST);
    token.ifPresent(text -> request.header("authorization", "Bearer " + text));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request;
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return Answer.of(CLIENT.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// Sends and gives the lines as they come; close the stream to hang up.
  Stream<String> lines(HttpRequest.Builder request) {
    try {
      var response = CLIENT.send(request.build(), BodyHandlers.ofLines());
      assertThat(response.statusCode()).isEqualTo(200);
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  Answer get(String path, String... headers) {
    return send(request(path, headers).GET());
  }

  Answer post(String path, String body, String... headers) {
    return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Answer post(String path, byte[] body, String... headers) {
    return send(posting(path, body, headers));
  }

  /// A POST of JSON; headers replace the usual ones of the same name.
  HttpRequest.Builder posting(String path, byte[] body, String... headers) {
    HttpRequest.Builder request = request(path, "content-type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return request.POST(BodyPublishers.ofByteArray(body));
  }

  /// Submits a body and gives the task's id.
  ///
  /// @throws AssertionError when the answer is not 200 with an id
  String submit(String path, String body) {
    Answer answer = post(path, body);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    String id = answer.json().path("task_id").asString("");
    assertThat(id).as("%s", answer).isNotEmpty();
    return id;
  }

  /// The compatible record of a task.
  JsonNode record(String service, String id) {
    Answer answer = post("/" + service + "/tasks", Json.of(Map.of("action", "retrieve", "id", id)));
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json();
  }

  /// The compatible record of a task once it has `finished_at`.
  JsonNode finished(String service, String id) {
    return Await.value(
        "task " + id + " of " + service + " is finished",
        ENDS_WITHIN,
        () -> Optional.of(record(service, id)).filter(task -> task.path("finished_at").isNumber()));
  }

  /// The native view of a task.
  JsonNode task(String id) {
    Answer answer = get("/v1/tasks/" + id);
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer.json();
  }

  /// The native view of a task once it ended.
  JsonNode ended(String id) {
    return Await.value(
        "task " + id + " ended",
        ENDS_WITHIN,
        () -> {
          Answer answer = get("/v1/tasks/" + id + "?wait=30s");
          assertThat(answer.status()).as("%s", answer).isEqualTo(200);
          return Optional.of(answer.json()).filter(task -> task.path("finished_at").isString());
        });
  }

  /// An id that no task has.
  static String unknownId() {
    return UUID.randomUUID().toString();
  }
}
