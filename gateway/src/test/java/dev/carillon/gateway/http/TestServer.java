package dev.carillon.gateway.http;

import dev.carillon.gateway.domain.Ids;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/// A server on a free port with clients for it.
final class TestServer implements AutoCloseable {
  static final HttpLimits LIMITS = limits(Duration.ofSeconds(5));

  final List<String> answered = new CopyOnWriteArrayList<>();
  private final WebServer server;
  private final int port;
  private final HttpClient client = HttpClient.newHttpClient();

  TestServer(Routes routes) {
    this(routes, LIMITS);
  }

  TestServer(Routes routes, HttpLimits limits) {
    var config = new HttpConfig("127.0.0.1", 0, Optional.empty(), limits);
    server =
        new WebServer(
            config,
            routes,
            new Ids(InstantSource.system(), RandomGenerator.getDefault()),
            failure ->
                failure instanceof IllegalArgumentException
                    ? Optional.of(Problem.of(dev.carillon.api.ErrorCode.UNAVAILABLE))
                    : Optional.empty(),
            (route, status, _) -> answered.add(route + " " + status));
    port = server.start();
  }

  static HttpLimits limits(Duration grace) {
    return limits(grace, HttpLimits.DEFAULTS.read());
  }

  static HttpLimits limits(Duration grace, Duration read) {
    var usual = HttpLimits.DEFAULTS;
    return new HttpLimits(
        usual.headBytes(),
        usual.bodyBytes(),
        usual.jsonDepth(),
        usual.jsonStringChars(),
        usual.jsonNameChars(),
        usual.jsonNumberChars(),
        usual.idle(),
        read,
        usual.connections(),
        usual.backlog(),
        grace);
  }

  WebServer server() {
    return server;
  }

  int port() {
    return port;
  }

  HttpClient client() {
    return client;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
    return client.send(
        request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return post(path, body.getBytes(StandardCharsets.UTF_8));
  }

  Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    return socket;
  }

  /// Sends these bytes as they are and reads until the server closes.
  String raw(String bytes) throws IOException {
    try (var socket = connect()) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
