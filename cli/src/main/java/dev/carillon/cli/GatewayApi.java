package dev.carillon.cli;

import dev.carillon.cli.text.FlatJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A gateway as an application sees it. Throws [IOException] for what may be better next time, and
/// [GatewayRefusal] for what will not.
public final class GatewayApi implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final URI base;
  private final String token;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  GatewayApi(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  URI base() {
    return base;
  }

  /// The texts of an answer by their paths.
  Map<String, String> get(String path) throws IOException, InterruptedException {
    return read(send(request(path).GET()));
  }

  /// The same for a PUT of JSON.
  Map<String, String> put(String path, String json) throws IOException, InterruptedException {
    return read(
        send(
            request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))));
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(ANSWER).build(), BodyHandlers.ofInputStream());
  }

  private static Map<String, String> texts(HttpResponse<InputStream> response) throws IOException {
    try (InputStream body = response.body()) {
      return FlatJson.read(new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private Map<String, String> read(HttpResponse<InputStream> response) throws IOException {
    Map<String, String> texts = texts(response);
    if (response.statusCode() / 100 != 2) {
      throw refusal(response.statusCode(), texts);
    }
    return texts;
  }

  /// The feed as a stream of server-sent events; close it to hang up.
  ///
  /// @param query such as `?since=1h`, or nothing
  /// @param last the cursor after which it begins; empty to let the query decide
  InputStream events(String query, Optional<String> last) throws IOException, InterruptedException {
    return stream("/v1/events" + query, last)
        .orElseThrow(() -> new IOException("it ended the feed of events"));
  }

  /// Server-sent events; close it to hang up.
  ///
  /// @param last the id after which it begins; empty for the beginning
  /// @return empty when the reader has them all
  public Optional<InputStream> stream(String path, Optional<String> last)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
    last.ifPresent(cursor -> request.header("Last-Event-ID", cursor));
    HttpResponse<InputStream> response = headOf(request.GET().build());
    if (response.statusCode() == 204) {
      response.body().close();
      return Optional.empty();
    }
    if (response.statusCode() != 200) {
      throw refusal(response.statusCode(), texts(response));
    }
    return Optional.of(response.body());
  }

  /// Waits for the head only: a time limit of the request itself would, on newer JDKs, end the
  /// stream too.
  private HttpResponse<InputStream> headOf(HttpRequest request)
      throws IOException, InterruptedException {
    var coming = client.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return coming.get(ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException why ? why : new IOException(failed.getCause());
    } catch (TimeoutException silent) {
      throw new IOException("it did not answer in time", silent);
    } finally {
      coming.cancel(true);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .header("Authorization", "Bearer " + token);
  }

  /// A refusal for good, to be thrown; thrown right here when it is none.
  private GatewayRefusal refusal(int status, Map<String, String> texts) throws IOException {
    String said = texts.getOrDefault("error.message", "no message");
    if (status >= 500 || status == 429) {
      throw new IOException("it answers " + status + ": " + said);
    }
    return switch (status) {
      case 401, 403 ->
          new GatewayRefusal(
              status,
              "%s does not take this token (%s) Give another with --token or in CARILLON_TOKEN."
                  .formatted(base, said));
      case 404 ->
          new GatewayRefusal(
              status, "%s does not know this (%s) Is it a Carillon gateway?".formatted(base, said));
      default -> new GatewayRefusal(status, "%s refuses: %s".formatted(base, said));
    };
  }

  /// What to tell a person when the gateway cannot be reached at all.
  public GatewayRefusal unreachable(IOException why) {
    return new GatewayRefusal(
        0,
        "no gateway answers at %s (%s). Start one with `carillon serve`, or say where it is with --url or in CARILLON_URL."
            .formatted(base, reason(why)));
  }

  /// Why something did not work, in a few words.
  static String reason(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
        return cause.getMessage();
      }
      if (cause instanceof java.net.ConnectException) {
        return "connection refused";
      }
    }
    return failure.getClass().getSimpleName();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
