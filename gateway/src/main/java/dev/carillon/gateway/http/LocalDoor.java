package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import dev.carillon.gateway.domain.Ids;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Answers requests of this process itself through the same routes as the web server, without a
/// network. What an answer streams is not to be had here.
public final class LocalDoor {
  private final Routes routes;
  private final Ids traceIds;
  private final JsonReader json = new JsonReader(HttpLimits.DEFAULTS);

  public LocalDoor(Routes routes, Ids traceIds) {
    this.routes = routes;
    this.traceIds = traceIds;
  }

  /// A request.
  ///
  /// @param target path and query, percent-encoded as in HTTP
  @SuppressWarnings("ArrayRecordComponent") // Handed over, not copied, as in a call.
  public record Request(String method, String target, Map<String, String> headers, byte[] body) {}

  /// The answer, problems included.
  public Reply answer(Request request) throws InterruptedException {
    String traceId = traceIds.next().toString();
    try {
      int question = request.target().indexOf('?');
      String raw = question < 0 ? request.target() : request.target().substring(0, question);
      String query = question < 0 ? "" : request.target().substring(question + 1);
      String path = Paths.normalise(raw);
      Routes.Match match = routes.match(path).orElseThrow(() -> Problem.of(ErrorCode.NO_API));
      Handler handler =
          match
              .route()
              .handler(request.method())
              .orElseThrow(() -> Problem.of(ErrorCode.METHOD_NOT_ALLOWED));
      return handler.handle(new LocalCall(request, path, query, match.parameters(), traceId));
    } catch (Problem problem) {
      return Envelope.reply(problem, traceId);
    }
  }

  private final class LocalCall implements Call {
    private final Request request;
    private final String path;
    private final String query;
    private final Map<String, String> parameters;
    private final String traceId;

    private LocalCall(
        Request request,
        String path,
        String query,
        Map<String, String> parameters,
        String traceId) {
      this.request = request;
      this.path = path;
      this.query = query;
      this.parameters = parameters;
      this.traceId = traceId;
    }

    @Override
    public String method() {
      return request.method();
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public Optional<String> pathParameter(String name) {
      return Optional.ofNullable(parameters.get(name));
    }

    @Override
    public Optional<String> query(String name) {
      return queryAll(name).stream().findFirst();
    }

    @Override
    public List<String> queryAll(String name) {
      return Stream.of(query.split("&", -1))
          .filter(part -> part.startsWith(name + "="))
          .map(part -> part.substring(name.length() + 1))
          .map(value -> URLDecoder.decode(value, StandardCharsets.UTF_8))
          .toList();
    }

    @Override
    public Set<String> queryNames() {
      return Stream.of(query.split("&", -1))
          .filter(part -> !part.isEmpty())
          .map(part -> part.replaceFirst("=.*", ""))
          .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Optional<String> header(String name) {
      return headers(name).stream().findFirst();
    }

    @Override
    public List<String> headers(String name) {
      return request.headers().entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .toList();
    }

    @Override
    public String traceId() {
      return traceId;
    }

    @Override
    public String baseUrl() {
      return "http://localhost";
    }

    @Override
    public String remoteAddress() {
      return "local";
    }

    @Override
    public byte[] body() {
      return request.body();
    }

    @Override
    public InputStream stream(long limit, Duration time) {
      return new HelidonCall.BoundedBody(
          new ByteArrayInputStream(body()), limit, () -> Problem.of(ErrorCode.REQUEST_TOO_LARGE));
    }

    @Override
    public JsonObject json() {
      return json.read(body(), header("Content-Type").orElse(""));
    }

    @Override
    public boolean gone() {
      return false;
    }

    @Override
    public BooleanSupplier hangUp() {
      return () -> false;
    }

    @Override
    public void answerWith(Supplier<Map<String, String>> headers) {
      // The process knows its own limits.
    }

    @Override
    public void hint(Map<String, String> headers) {
      // There is nobody who could use it before the answer.
    }
  }
}
