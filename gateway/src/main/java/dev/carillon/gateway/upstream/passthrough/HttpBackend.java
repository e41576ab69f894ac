package dev.carillon.gateway.upstream.passthrough;

import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/// A provider with an OpenAI-compatible API. Each call has a connection of its own while it lasts
/// (HTTP/1.1), so a caller who reads slowly slows down its own answer and no other.
public final class HttpBackend implements Backend {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// How long a provider may say nothing; the official clients wait as long.
  private static final Duration SILENCE = Duration.ofMinutes(10);

  private static final int IDLE_CONNECTIONS = 256;
  private static final Duration IDLE_TIME = Duration.ofMinutes(1);
  private static final MediaType JSON = MediaType.get("application/json");

  /// Shared by all providers: connections are kept apart by address. Made without TLS, since
  /// reading the machine's certificates takes most of a second.
  private static final OkHttpClient PLAIN =
      new OkHttpClient.Builder()
          .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
          .proxy(Proxy.NO_PROXY)
          .protocols(List.of(Protocol.HTTP_1_1))
          .followRedirects(false)
          .followSslRedirects(false)
          // What was sent may have been done: it is never sent again without being asked.
          .retryOnConnectionFailure(false)
          .connectTimeout(CONNECT)
          .readTimeout(SILENCE)
          .writeTimeout(SILENCE)
          .connectionPool(
              new ConnectionPool(IDLE_CONNECTIONS, IDLE_TIME.toMillis(), TimeUnit.MILLISECONDS))
          .build();

  private final HttpUrl base;
  private final Optional<String> key;

  /// @param base where the provider's API begins, such as `https://api.openai.com/v1`
  /// @param key sent as a bearer token
  HttpBackend(HttpUrl base, Optional<String> key) {
    this.base = base;
    this.key = key;
  }

  private static final class Secure {
    static final OkHttpClient CLIENT =
        PLAIN.newBuilder().connectionSpecs(List.of(ConnectionSpec.MODERN_TLS)).build();
  }

  @Override
  public Exchange open(Sent sent) {
    HttpUrl url =
        base.newBuilder().addPathSegments(sent.model().modality().path().substring(1)).build();
    var request =
        new Request.Builder()
            .url(url)
            .header("Accept", sent.streamed() ? "text/event-stream" : "*/*")
            .header("Accept-Encoding", "identity")
            .header("User-Agent", "carillon")
            .post(new Once(sent.body()));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    OkHttpClient client = url.isHttps() ? Secure.CLIENT : PLAIN;
    return new Answered(client.newCall(request.build()));
  }

  /// A body that is sent once: the client would send any other again by itself, after a 503 with
  /// `Retry-After: 0`.
  private static final class Once extends RequestBody {
    private final byte[] body;

    Once(byte[] body) {
      this.body = body;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return body.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(body);
    }
  }

  private static final class Answered implements Exchange {
    private final Call call;
    private @Nullable Response response;

    Answered(Call call) {
      this.call = call;
    }

    @Override
    public void begin() throws IOException {
      response = call.execute();
    }

    private Response response() {
      return Objects.requireNonNull(response, "it has not begun");
    }

    @Override
    public int status() {
      return response().code();
    }

    @Override
    public Optional<String> contentType() {
      return Optional.ofNullable(response().header("Content-Type"));
    }

    @Override
    public Optional<String> retryAfter() {
      return Optional.ofNullable(response().header("Retry-After"));
    }

    @Override
    public int read(byte[] into) throws IOException {
      return response().body().source().read(into);
    }

    @Override
    public void abort() {
      call.cancel();
    }

    @Override
    public void close() {
      if (response != null) {
        response.close();
      }
    }
  }
}
