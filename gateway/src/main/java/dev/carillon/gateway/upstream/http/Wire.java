package dev.carillon.gateway.upstream.http;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import okio.ByteString;

/// Sends requests to providers and tells apart what was surely not sent from what may have been.
///
/// A request that must not happen twice goes on a connection of its own: on a kept one that the
/// other side just closed, nobody can tell whether it arrived. Redirects are not followed, since
/// they would carry the key elsewhere.
final class Wire implements Reply.Sender, AutoCloseable {
  /// Largest answer that is read; results are files elsewhere, or bytes of one picture or sound.
  static final int MOST_BYTES = 64 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int KEPT = 64;

  private Optional<Clients> made = Optional.empty(); // guarded by this

  /// @param kept keeps its connections
  /// @param fresh has a connection of its own for each request, and tries nothing twice
  private record Clients(OkHttpClient kept, OkHttpClient fresh) {}

  /// Made when they are first needed: reading the machine's trusted certificates takes most of a
  /// second, which a start should not wait for.
  private synchronized Clients clients() {
    Clients clients = made.orElseGet(Wire::make);
    made = Optional.of(clients);
    return clients;
  }

  private static Clients make() {
    OkHttpClient kept =
        new OkHttpClient.Builder()
            .proxy(Proxy.NO_PROXY)
            .followRedirects(false)
            .followSslRedirects(false)
            .cookieJar(CookieJar.NO_COOKIES)
            .cache(null)
            .connectTimeout(CONNECT)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .connectionPool(new ConnectionPool(KEPT, 30, TimeUnit.SECONDS))
            .build();
    OkHttpClient fresh =
        kept.newBuilder()
            .retryOnConnectionFailure(false)
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
            .build();
    return new Clients(kept, fresh);
  }

  /// A request.
  ///
  /// @param body what to send; empty for a request without one
  /// @param once whether it must not happen twice
  record Ask(
      String method,
      URI address,
      Map<String, String> headers,
      Optional<Content> body,
      Duration timeout,
      boolean once) {}

  /// A request's body.
  record Content(String type, ByteString bytes) {}

  @Override
  public Reply send(Ask ask) throws InterruptedException {
    Request request;
    try {
      request = request(ask);
    } catch (IllegalArgumentException wrong) {
      return new Reply.NotSent("the request cannot be written: " + wrong.getMessage());
    }
    AtomicBoolean sent = new AtomicBoolean();
    OkHttpClient client =
        (ask.once() ? clients().fresh() : clients().kept())
            .newBuilder()
            .callTimeout(ask.timeout())
            .eventListener(new Watch(sent))
            .build();
    Call call = client.newCall(request);
    try (Response response = call.execute()) {
      return answered(response);
    } catch (IOException failure) {
      if (Thread.interrupted()) {
        throw new InterruptedException(failure.getMessage());
      }
      String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
      return sent.get() ? new Reply.Lost(reason) : new Reply.NotSent(reason);
    }
  }

  private static Request request(Ask ask) {
    HttpUrl url = HttpUrl.get(ask.address());
    if (url == null) {
      throw new IllegalArgumentException("the address is none");
    }
    RequestBody body =
        ask.body()
            .map(content -> RequestBody.create(content.bytes(), MediaType.parse(content.type())))
            .orElse(
                ask.method().equals("GET") || ask.method().equals("DELETE")
                    ? null
                    : RequestBody.create(ByteString.EMPTY, null));
    Request.Builder builder = new Request.Builder().url(url).method(ask.method(), body);
    ask.headers().forEach(builder::header);
    return builder.header("User-Agent", "carillon").build();
  }

  private static Reply answered(Response response) throws IOException {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .forEach(pair -> headers.put(pair.getFirst().toLowerCase(Locale.ROOT), pair.getSecond()));
    BufferedSource source = response.body().source();
    if (source.request(MOST_BYTES + 1L)) {
      return new Reply.Lost("the answer is larger than " + MOST_BYTES + " bytes");
    }
    return new Reply.Answered(response.code(), Map.copyOf(headers), source.readByteString());
  }

  @Override
  public synchronized void close() {
    made.ifPresent(clients -> {
      clients.kept().connectionPool().evictAll();
      clients.fresh().connectionPool().evictAll();
    });
  }

  /// Notices when the first byte of a request goes out.
  private static final class Watch extends EventListener {
    private final AtomicBoolean sent;

    Watch(AtomicBoolean sent) {
      this.sent = sent;
    }

    @Override
    public void requestHeadersStart(Call call) {
      sent.set(true);
    }
  }
}
