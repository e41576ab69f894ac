package dev.carillon.gateway.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;

/// Sends one POST under one deadline and says what came of it. Follows nothing, keeps no cookies,
/// uses no proxy, asks no system setting.
///
/// The client's own repetitions are off, so that one attempt is one row; the exception is a kept
/// connection that the receiver had closed, which is tried once more on a new one.
final class Poster implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");

  private final DeliveryConfig config;
  private final InstantSource clock;
  private final GuardedDns dns;
  private final OkHttpClient plain;
  private final ConnectionPool nothingKept = new ConnectionPool(0, 1, TimeUnit.MILLISECONDS);

  private volatile Optional<OkHttpClient> secure = Optional.empty();

  Poster(
      DeliveryConfig config,
      AddressGuard guard,
      GuardedDns.Resolver resolver,
      InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.dns = new GuardedDns(resolver, guard::permits, config.timeouts().lookup());
    this.plain =
        new OkHttpClient.Builder()
            .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
            .dns(dns)
            .socketFactory(new GuardedSockets(guard::permits))
            .proxy(Proxy.NO_PROXY)
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .callTimeout(config.timeouts().attempt())
            .connectTimeout(config.timeouts().connect())
            // The call's own limit covers reading and writing; a second one costs time on each.
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .cookieJar(CookieJar.NO_COOKIES)
            .cache(null)
            .authenticator(Authenticator.NONE)
            .connectionPool(
                new ConnectionPool(
                    DeliveryConfig.IDLE_CONNECTIONS,
                    DeliveryConfig.IDLE_TIME.toMillis(),
                    TimeUnit.MILLISECONDS))
            .build();
  }

  /// The client for `https` is made when it is first needed: reading the machine's trusted
  /// certificates takes most of a second, which the start should not wait for.
  private OkHttpClient client(Request request) {
    if (!request.isHttps()) {
      return plain;
    }
    return secure.orElseGet(this::madeSecure);
  }

  private synchronized OkHttpClient madeSecure() {
    OkHttpClient made =
        secure.orElseGet(
            () -> plain.newBuilder().connectionSpecs(List.of(ConnectionSpec.MODERN_TLS)).build());
    secure = Optional.of(made);
    return made;
  }

  /// Sends these bytes. Never throws for the world's faults.
  Posted post(Target target, Map<String, String> headers, byte[] body) {
    HttpUrl url = url(target);
    if (!url.host().equals(target.host()) || url.port() != target.port()) {
      return Posted.unsent(Posted.BLOCKED_URL);
    }
    var request = new Request.Builder().url(url).post(new OnceBody(body));
    request.header("User-Agent", config.userAgent());
    request.header("Accept", "*/*");
    request.header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    long start = System.nanoTime();
    return attempt(request.build(), start);
  }

  private Posted attempt(Request request, long start) {
    var trip = new Trip();
    try {
      return exchange(client(request).newCall(request), trip, start);
    } catch (IOException first) {
      if (!trip.wasStale(first)) {
        return failed(trip.failure(first), start);
      }
    }
    var again = new Trip();
    Call call = client(request).newBuilder().connectionPool(nothingKept).build().newCall(request);
    long left = config.timeouts().attempt().toNanos() - (System.nanoTime() - start);
    call.timeout().timeout(Math.max(1, left), TimeUnit.NANOSECONDS);
    try {
      return exchange(call, again, start);
    } catch (IOException second) {
      return failed(again.failure(second), start);
    }
  }

  private Posted exchange(Call call, Trip trip, long start) throws IOException {
    call.addEventListener(trip);
    try (Response response = call.execute()) {
      int status = response.code();
      drain(call, response);
      return new Posted(status, failureOf(status), retryAfter(response), since(start));
    }
  }

  /// Reads a short answer to its end, so that the connection can be used again. The status has been
  /// read by now, and whatever happens to the rest does not change what it says.
  private static void drain(Call call, Response response) {
    if (response.code() < 200 || response.body().contentLength() > DeliveryConfig.ANSWER_BYTES) {
      call.cancel();
      return;
    }
    try (InputStream in = response.body().byteStream()) {
      if (in.readNBytes(DeliveryConfig.ANSWER_BYTES + 1).length > DeliveryConfig.ANSWER_BYTES) {
        call.cancel();
      }
    } catch (IOException _) {
      call.cancel();
    }
  }

  private static Optional<String> failureOf(int status) {
    return switch (status / 100) {
      case 2 -> Optional.empty();
      case 3 -> Optional.of("redirect");
      default -> Optional.of(status == 410 ? "gone" : "http_" + status / 100 + "xx");
    };
  }

  private Optional<Duration> retryAfter(Response response) {
    String value = response.header("Retry-After");
    if (value == null || value.isBlank()) {
      return Optional.empty();
    }
    String text = value.strip();
    if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long seconds = text.length() > 9 ? 999_999_999L : Long.parseLong(text);
      return Optional.of(Duration.ofSeconds(seconds));
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), at);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }

  private static HttpUrl url(Target target) {
    return new HttpUrl.Builder()
        .scheme(target.scheme())
        .host(target.host())
        .port(target.port())
        .encodedPath(target.path())
        .encodedQuery(target.query().orElse(null))
        .build();
  }

  private static Posted failed(String failure, long start) {
    return new Posted(0, Optional.of(failure), Optional.empty(), since(start));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Override
  public void close() {
    dns.close();
    plain.connectionPool().evictAll();
    nothingKept.evictAll();
  }

  /// A body that says it cannot be sent twice: it keeps the client from repeating a request by
  /// itself, as it otherwise does for 503 with `Retry-After: 0`.
  private static final class OnceBody extends RequestBody {
    private final byte[] bytes;

    OnceBody(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }
}
