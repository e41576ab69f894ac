package dev.carillon.acceptance.proof;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A caller with a token, for whom a broken connection is an answer too.
///
/// @param wishes headers of every request that creates a task
record Caller(String token, Map<String, String> wishes) {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /// What came back.
  ///
  /// @param status 0 when nothing did
  record Reply(int status, String text, Optional<String> retryAfter) {
    JsonNode json() {
      return History.read(text);
    }

    boolean isOk() {
      return status == 200;
    }

    @Override
    public String toString() {
      return status + " " + text.substring(0, Math.min(400, text.length()));
    }
  }

  Reply get(URI base, String path) {
    return send(request(base, path).GET());
  }

  /// @param key the idempotency key
  Reply post(URI base, String path, String body, Optional<String> key) {
    var request = request(base, path).header("content-type", "application/json");
    key.ifPresent(value -> request.header("idempotency-key", value));
    wishes.forEach(request::header);
    return send(request.POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(URI base, String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(LONGEST)
        .header("authorization", "Bearer " + token);
  }

  private static Reply send(HttpRequest.Builder request) {
    try {
      var response = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Reply(
          response.statusCode(), response.body(), response.headers().firstValue("retry-after"));
    } catch (IOException broken) {
      return new Reply(0, String.valueOf(broken), Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply(0, "interrupted", Optional.empty());
    }
  }
}
