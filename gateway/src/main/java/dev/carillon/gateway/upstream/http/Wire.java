package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.upstream.http.spool.Spool;
import dev.carillon.gateway.upstream.http.spool.TooLargeException;
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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.CookieJar;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/// Sends requests to providers and tells apart what was surely not sent from what may have been.
///
/// A request that must not happen twice goes on a connection of its own: on a kept one that the
/// other side just closed, nobody can tell whether it arrived. Redirects are not followed, since
/// they would carry the key elsewhere.
final class Wire implements Reply.Sender, AutoCloseable {
  /// What nothing holds back.
  static final BooleanSupplier ALWAYS = () -> true;

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int KEPT = 64;

  private final Spool spool;
  private final Supplier<OkHttpClient> guarded;
  private Optional<Clients> made = Optional.empty(); // guarded by this

  /// @param kept keeps its connections
  /// @param fresh has a connection of its own for each request, and tries nothing twice
  private record Clients(OkHttpClient kept, OkHttpClient fresh) {}

  /// @param guarded a client that connects to no address of ours or of this machine's neighbours
  Wire(Spool spool, Supplier<OkHttpClient> guarded) {
    this.spool = spool;
    this.guarded = guarded;
  }

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
  record Ask(
      String method,
      URI address,
      Map<String, String> headers,
      Optional<Content> body,
      Duration timeout,
      Manner manner) {}

  /// How a request goes.
  ///
  /// @param once whether it must not happen twice
  /// @param guarded whether its address is somebody else's word, which the guard has to pass
  /// @param owner whose turn it is; keeps what is large of the answer
  /// @param mayGo asked once it is connected, before the first byte; on no, nothing is sent
  record Manner(boolean once, boolean guarded, String owner, BooleanSupplier mayGo) {}

  /// A request's body.
  record Content(String type, ByteString bytes) {}

  @Override
  public Reply send(Ask ask) throws InterruptedException {
    Request request;
    try {
      request = request(ask);
    } catch (IllegalArgumentException wrong) {
      // What is wrong may be the key, and the message would tell it.
      return new Reply.NotSent("the request cannot be written");
    }
    AtomicBoolean sent = new AtomicBoolean();
    OkHttpClient client =
        client(ask.manner())
            .newBuilder()
            .callTimeout(ask.timeout())
            .addNetworkInterceptor(new Gate(ask.manner().mayGo()))
            .eventListener(new Watch(sent))
            .build();
    Call call = client.newCall(request);
    try (Response response = call.execute()) {
      return answered(response, ask.manner().owner());
    } catch (TooLargeException tooLarge) {
      call.cancel(); // else closing would read on
      return new Reply.TooLarge(String.valueOf(tooLarge.getMessage()));
    } catch (IOException failure) {
      if (Thread.interrupted()) {
        throw new InterruptedException(failure.getMessage());
      }
      String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
      return sent.get() ? new Reply.Lost(reason) : new Reply.NotSent(reason);
    }
  }

  private OkHttpClient client(Manner manner) {
    return manner.guarded() ? guarded.get() : manner.once() ? clients().fresh() : clients().kept();
  }

  private static Request request(Ask ask) {
    HttpUrl url = HttpUrl.get(ask.address());
    if (url == null) {
      throw new IllegalArgumentException("the address is none");
    }
    RequestBody body =
        ask.body()
            .map(content -> body(content.bytes(), content.type(), ask.manner().once()))
            .orElse(
                ask.method().equals("GET") || ask.method().equals("DELETE")
                    ? null
                    : body(ByteString.EMPTY, "", ask.manner().once()));
    Request.Builder builder = new Request.Builder().url(url).method(ask.method(), body);
    ask.headers().forEach(builder::header);
    return builder.header("User-Agent", "carillon").build();
  }

  /// @param once the client would send any other again by itself, after a 503 with `Retry-After: 0`
  private static RequestBody body(ByteString bytes, String type, boolean once) {
    return new RequestBody() {
      @Override
      public @Nullable MediaType contentType() {
        return MediaType.parse(type);
      }

      @Override
      public long contentLength() {
        return bytes.size();
      }

      @Override
      public boolean isOneShot() {
        return once;
      }

      @Override
      public void writeTo(BufferedSink sink) throws IOException {
        sink.write(bytes);
      }
    };
  }

  private Reply answered(Response response, String owner) throws IOException, InterruptedException {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .forEach(pair -> headers.put(pair.getFirst().toLowerCase(Locale.ROOT), pair.getSecond()));
    boolean text = Reply.Answered.isText(Reply.Answered.type(headers));
    Spool.Taken taken = spool.take(owner, response.body().byteStream(), text);
    return new Reply.Answered(
        response.code(), Map.copyOf(headers), ByteString.of(taken.plain()), taken.mark());
  }

  @Override
  public synchronized void close() {
    made.ifPresent(clients -> {
      clients.kept().connectionPool().evictAll();
      clients.fresh().connectionPool().evictAll();
    });
  }

  /// Holds a request back that may not go any more.
  private record Gate(BooleanSupplier mayGo) implements Interceptor {
    @Override
    public Response intercept(Chain chain) throws IOException {
      if (!mayGo.getAsBoolean()) {
        throw new IOException("held back");
      }
      return chain.proceed(chain.request());
    }
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
