package dev.carillon.cli;

import dev.carillon.gateway.Administration;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The way to the admin API: over HTTP to the gateway that holds the data folder, or straight into
/// the file of one that does not run. Both answer the same.
sealed interface AdminLine extends AutoCloseable {
  JsonMapper JSON = JsonMapper.builder().build();

  /// Sends one request.
  ///
  /// @param target path and query below `/admin/v1`
  Administration.Answer send(String method, String target, String accept, byte[] body);

  @Override
  void close();

  default JsonNode get(String target) {
    return json(send("GET", target, "application/json", new byte[0]));
  }

  /// The answer as text, whatever its kind.
  default String text(String target, String accept) {
    var answer = send("GET", target, accept, new byte[0]);
    if (answer.status() >= 400) {
      json(answer);
    }
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  default JsonNode ask(String method, String target, ObjectNode body) {
    return json(send(method, target, "application/json", JSON.writeValueAsBytes(body)));
  }

  private static JsonNode json(Administration.Answer answer) {
    JsonNode body;
    try {
      body = JSON.readTree(answer.body());
    } catch (JacksonException notOurs) {
      throw new AdminException(
          AdminException.UNREACHABLE, "what answers there is no Carillon gateway", notOurs);
    }
    if (answer.status() < 400) {
      return body;
    }
    String message = body.at("/error/message").asString("status " + answer.status());
    switch (answer.status()) {
      case 401 ->
          throw new AdminException(
              AdminException.UNREACHABLE,
              "the gateway refuses the admin token: set CARILLON_ADMIN_TOKEN to the one it was"
                  + " started with");
      case 404 -> throw new AdminException(AdminException.NOT_FOUND, message);
      default -> throw new AdminException(AdminException.FAILED, message);
    }
  }

  /// A gateway that runs.
  final class Running implements AdminLine {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Administration.Place.Running place;

    Running(Administration.Place.Running place) {
      this.place = place;
    }

    @Override
    public Administration.Answer send(String method, String target, String accept, byte[] body) {
      var request =
          HttpRequest.newBuilder(URI.create(place.url() + "/admin/v1" + target))
              .timeout(PATIENCE)
              .header("Authorization", "Bearer " + place.token())
              .header("Accept", accept)
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
              .build();
      try {
        var answer = client.send(request, BodyHandlers.ofByteArray());
        return new Administration.Answer(answer.statusCode(), answer.body());
      } catch (IOException failure) {
        throw new AdminException(
            AdminException.UNREACHABLE,
            "the gateway that holds the data folder does not answer at " + place.url(),
            failure);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new AdminException(AdminException.FAILED, "interrupted", ended);
      }
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /// The file of a gateway that does not run.
  final class Stopped implements AdminLine {
    private final Administration administration;

    Stopped(Administration administration) {
      this.administration = administration;
    }

    @Override
    public Administration.Answer send(String method, String target, String accept, byte[] body) {
      try {
        var headers = Map.of("Accept", accept, "Content-Type", "application/json");
        return administration.answer(method, "/admin/v1" + target, headers, body);
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        throw new AdminException(AdminException.FAILED, "interrupted", ended);
      }
    }

    @Override
    public void close() {
      administration.close();
    }
  }

  /// The error of a place that has no line; empty for one that has.
  static Optional<AdminException> none(Administration.Place place) {
    return switch (place) {
      case Administration.Place.Nothing(var folder) ->
          Optional.of(
              new AdminException(
                  AdminException.UNREACHABLE,
                  "there is no database in "
                      + folder
                      + ": start the gateway there once, or say where it is with --data"));
      case Administration.Place.Unreachable(var why) ->
          Optional.of(
              new AdminException(
                  AdminException.UNREACHABLE, "a gateway holds the data folder, but " + why));
      case Administration.Place.Running _, Administration.Place.Stopped _ -> Optional.empty();
    };
  }
}
