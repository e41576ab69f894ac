package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A call over Helidon's request.
final class HelidonCall implements Call {
  private static final byte[] NOTHING = {};
  private static final int UNREAD_BYTES = 64 * 1024;

  private final ServerRequest request;
  private final HttpConfig config;
  private final JsonReader json;
  private final String traceId;
  private String path = "/";
  private Map<String, String> pathParameters = Map.of();
  private byte @Nullable [] body;
  private Supplier<Map<String, String>> more = Map::of;

  HelidonCall(ServerRequest request, HttpConfig config, JsonReader json, String traceId) {
    this.request = request;
    this.config = config;
    this.json = json;
    this.traceId = traceId;
  }

  /// Normalises the path; has to be called before anything asks for it.
  ///
  /// @throws Problem when the path is no text
  String readPath() {
    try {
      path = Paths.normalise(request.prologue().uriPath().rawPath());
      return path;
    } catch (IllegalArgumentException broken) {
      throw new Problem(
          ErrorCode.BAD_REQUEST, "The path is not valid: " + broken.getMessage() + ".");
    }
  }

  void matched(Map<String, String> parameters) {
    pathParameters = parameters;
  }

  /// Whether so much of the body is unread that closing is cheaper than reading on.
  boolean muchUnread() {
    var content = request.content();
    if (body != null || !content.hasEntity() || content.consumed()) {
      return false;
    }
    long length = request.headers().contentLength().orElse(Long.MAX_VALUE);
    return length > UNREAD_BYTES || request.headers().contains(HeaderNames.EXPECT);
  }

  @Override
  public String method() {
    return request.prologue().method().text();
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public Optional<String> pathParameter(String name) {
    return Optional.ofNullable(pathParameters.get(name));
  }

  @Override
  public Optional<String> query(String name) {
    return queryAll(name).stream().findFirst();
  }

  @Override
  public Set<String> queryNames() {
    try {
      return request.prologue().query().names();
    } catch (IllegalArgumentException broken) {
      throw brokenQuery();
    }
  }

  @Override
  public List<String> queryAll(String name) {
    try {
      return request.prologue().query().all(name, List::of);
    } catch (IllegalArgumentException broken) {
      throw brokenQuery();
    }
  }

  private static Problem brokenQuery() {
    return new Problem(ErrorCode.BAD_REQUEST, "The query string has a broken percent escape.");
  }

  @Override
  public Optional<String> header(String name) {
    return request.headers().first(HeaderNames.create(name));
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().all(HeaderNames.create(name), List::of);
  }

  @Override
  public String traceId() {
    return traceId;
  }

  @Override
  public String baseUrl() {
    return config.publicUrl().orElseGet(() -> "http://" + request.authority());
  }

  @Override
  public String remoteAddress() {
    String peer =
        request.remotePeer().address() instanceof InetSocketAddress socket
            ? socket.getAddress().getHostAddress()
            : "unknown";
    return config.proxies().caller(peer, this::headers);
  }

  @Override
  public byte[] body() {
    if (body == null) {
      body = readBody();
      Line.current().ifPresent(Line::arrived);
    }
    return body;
  }

  @Override
  public InputStream stream(long limit, Duration time) {
    var content = request.content();
    if (!content.hasEntity()) {
      return InputStream.nullInputStream();
    }
    if (request.headers().contentLength().orElse(-1) > limit) {
      throw tooLarge(limit);
    }
    Line.current().ifPresent(line -> line.takesUpTo(time));
    return new BoundedBody(content.inputStream(), limit, () -> tooLarge(limit));
  }

  @Override
  public JsonObject json() {
    return json.read(body(), header("Content-Type").orElse(""));
  }

  @Override
  public boolean gone() {
    return Line.current().map(Line::gone).orElse(false);
  }

  @Override
  public BooleanSupplier hangUp() {
    return Line.current().map(Line::hangUp).orElse(() -> false);
  }

  @Override
  public void answerWith(Supplier<Map<String, String>> headers) {
    more = headers;
  }

  /// The headers that were given for the answer, as of now.
  Map<String, String> more() {
    return more.get();
  }

  @Override
  public void hint(Map<String, String> headers) {
    Line.current().ifPresent(line -> line.hint(headers));
  }

  private byte[] readBody() {
    var content = request.content();
    if (!content.hasEntity()) {
      return NOTHING;
    }
    int limit = config.limits().bodyBytes();
    long length = request.headers().contentLength().orElse(-1);
    if (length > limit) {
      throw tooLarge(limit);
    }
    try (InputStream in = content.inputStream()) {
      byte[] bytes = length < 0 ? in.readNBytes(limit + 1) : exactly(in, (int) length);
      if (bytes.length > limit) {
        throw tooLarge(limit);
      }
      return bytes;
    } catch (IOException | DataReader.InsufficientDataAvailableException gone) {
      throw new CloseConnectionException("the body ended early", gone);
    } catch (IllegalArgumentException | IllegalStateException badFraming) {
      throw new Problem(ErrorCode.BAD_REQUEST, "The framing of the body is not valid HTTP/1.1.");
    }
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    var bytes = new byte[length];
    int read = in.readNBytes(bytes, 0, length);
    if (read < length || in.read() >= 0) {
      throw new IOException("the body is not as long as declared");
    }
    return bytes;
  }

  private static Problem tooLarge(long limit) {
    return new Problem(
        ErrorCode.REQUEST_TOO_LARGE,
        ErrorCode.REQUEST_TOO_LARGE.message() + " At most " + limit + " bytes are taken.");
  }

  /// A body of which so many bytes may come; the next one is a [Problem].
  static final class BoundedBody extends FilterInputStream {
    private final Supplier<Problem> beyond;
    private long left;

    BoundedBody(InputStream body, long limit, Supplier<Problem> beyond) {
      super(body);
      this.left = limit;
      this.beyond = beyond;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) {
      int read = arrived(bytes, from, length);
      left -= Math.max(0, read);
      if (left < 0) {
        throw beyond.get();
      }
      return read;
    }

    private int arrived(byte[] bytes, int from, int length) {
      try {
        return in.read(bytes, from, length);
      } catch (IOException | DataReader.InsufficientDataAvailableException gone) {
        throw new CloseConnectionException("the body ended early", gone);
      } catch (IllegalArgumentException | IllegalStateException badFraming) {
        throw new Problem(ErrorCode.BAD_REQUEST, "The framing of the body is not valid HTTP/1.1.");
      }
    }

    @Override
    public long skip(long count) throws IOException {
      return readNBytes((int) Math.min(count, 8192)).length;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
