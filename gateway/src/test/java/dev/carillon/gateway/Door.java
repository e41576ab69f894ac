package dev.carillon.gateway;

import dev.carillon.gateway.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole gateway in this process and a client of it.
final class Door implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Gateway gateway;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String token;
  private final int port;
  private final Path data;

  /// @param settings beside the folder, a free port and a sandbox that takes no time
  Door(Path data, Map<String, String> settings) {
    this(data, settings, "");
  }

  /// Another node of a gateway.
  ///
  /// @param known the token of the first application, where that was made by another node; else
  ///   empty
  Door(Path data, Map<String, String> settings, String known) {
    var all = new HashMap<>(Map.of("data", data.toString(), "port", "0", "sandbox.speed", "1e9"));
    all.put("access.create-burst", "100000");
    all.putAll(settings);
    gateway =
        Gateway.open(
            Settings.of(List.of(new Settings.Source("test", all))),
            InstantSource.system(),
            new SecureRandom(),
            () -> ThreadLocalRandom.current().nextLong());
    this.data = data;
    port = gateway.start();
    token = gateway.firstToken().orElse(known);
  }

  /// Opens a folder again.
  ///
  /// @param token what the first one had
  static Door again(Path data, Map<String, String> settings, String token) {
    return new Door(data, settings, token);
  }

  /// The token of the first application.
  String token() {
    return token;
  }

  int port() {
    return port;
  }

  /// What came back.
  record Answer(int status, HttpResponse<String> response) {
    JsonNode json() {
      return JsonMapper.shared().readTree(response.body());
    }

    String text(String pointer) {
      return json().at(pointer).asString("");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    @Override
    public String toString() {
      return status + " " + response.body();
    }
  }

  /// The whole address of a path.
  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  Answer get(String path) {
    return send("GET", path, "");
  }

  /// @param headers name, value, name, value
  Answer post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  Answer put(String path, String body) {
    return send("PUT", path, body);
  }

  Answer delete(String path) {
    return send("DELETE", path, "");
  }

  /// Asks the admin API.
  Answer admin(String method, String path, String body) {
    return sendAs(adminToken(), method, "/admin/v1" + path, body);
  }

  private String adminToken() {
    try {
      return Files.readString(data.resolve("admin.token")).strip();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private Answer send(String method, String path, String body, String... headers) {
    return sendAs(token, method, path, body, headers);
  }

  Answer sendAs(String token, String method, String path, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(LONGEST)
            .header("Authorization", "Bearer " + token)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  /// Sends a POST on a connection of its own and reads no answer; closing it hangs up.
  Socket postAndKeepQuiet(String path, String body) {
    try {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      String head =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(path, token, bytes.length);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return socket;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /// The task once it ended.
  JsonNode ended(String id) {
    JsonNode task = get("/v1/tasks/" + id + "?wait=30s").json();
    if (task.path("finished_at").isString()) {
      return task;
    }
    throw new AssertionError("it has not ended: " + task);
  }

  @Override
  public void close() {
    client.close();
    gateway.close();
  }
}
