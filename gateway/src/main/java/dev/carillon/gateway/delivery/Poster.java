package dev.carillon.gateway.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.security.GeneralSecurityException;
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
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
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
/// unpacks nothing, asks no system setting, and uses no proxy but the configured one.
///
/// The client's own repetitions are off, so that one attempt is one row; the exception is a kept
/// connection that the receiver had closed, which is tried once more on a new one.
final class Poster implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");

  private final DeliveryConfig config;
  private final InstantSource clock;
  private final Outside outside;
  private final GuardedDns dns;
  private final OkHttpClient plain;
  private final ConnectionPool nothingKept = new ConnectionPool(0, 1, TimeUnit.MILLISECONDS);

  private volatile Optional<OkHttpClient> secure = Optional.empty();

  /// What it believes of the world.
  ///
  /// @param resolver looks names up
  /// @param trust decides about certificates; empty for what the machine trusts
  record Outside(GuardedDns.Resolver resolver, Optional<X509TrustManager> trust) {
    static final Outside SYSTEM = of(AddressGuard.systemResolver());

    static Outside of(GuardedDns.Resolver resolver) {
      return new Outside(resolver, Optional.empty());
    }
  }

  Poster(DeliveryConfig config, AddressGuard guard, Outside outside, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.outside = outside;
    // A proxy stands where the operator put it, and looks the receivers up itself.
    Predicate<InetAddress> permitted = config.proxy().isPresent() ? _ -> true : guard::permits;
    this.dns = new GuardedDns(outside.resolver(), permitted, config.timeouts().lookup());
    this.plain =
        new OkHttpClient.Builder()
            .connectionSpecs(List.of(ConnectionSpec.CLEARTEXT))
            .dns(dns)
            .socketFactory(new GuardedSockets(permitted, GuardedSockets.SHORT_ANSWERS))
            .proxy(config.proxy().map(Poster::proxy).orElse(Proxy.NO_PROXY))
            .proxyAuthenticator(Authenticator.NONE)
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

  private static Proxy proxy(DeliveryConfig.EgressProxy proxy) {
    return new Proxy(
        Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
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
        secure.orElseGet(() -> {
          var builder = plain.newBuilder().connectionSpecs(List.of(ConnectionSpec.MODERN_TLS));
          outside.trust().ifPresent(trust -> builder.sslSocketFactory(sockets(trust), trust));
          return builder.build();
        });
    secure = Optional.of(made);
    return made;
  }

  private static SSLSocketFactory sockets(X509TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
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
    boolean proxied = config.proxy().isPresent();
    var trip = new Trip(proxied);
    try {
      return exchange(client(request).newCall(request), trip, start);
    } catch (IOException first) {
      if (!trip.wasStale(first)) {
        return Posted.failed(trip.failure(first), since(start));
      }
    }
    var again = new Trip(proxied);
    Call call = client(request).newBuilder().connectionPool(nothingKept).build().newCall(request);
    long left = config.timeouts().attempt().toNanos() - (System.nanoTime() - start);
    call.timeout().timeout(Math.max(1, left), TimeUnit.NANOSECONDS);
    try {
      return exchange(call, again, start);
    } catch (IOException second) {
      return Posted.failed(again.failure(second), since(start));
    }
  }

  private Posted exchange(Call call, Trip trip, long start) throws IOException {
    call.addEventListener(trip);
    try (Response response = call.execute()) {
      int status = response.code();
      String excerpt = excerpt(call, response);
      return new Posted(status, failureOf(status), wish(response), since(start), excerpt);
    } catch (ProtocolException odd) {
      // A 204 that announces a body breaks RFC 9110, and yet its status says all there is to say.
      if (trip.status() == 204 || trip.status() == 205) {
        return new Posted(trip.status(), Optional.empty(), Posted.Wish.NONE, since(start), "");
      }
      throw odd;
    }
  }

  /// Reads a short answer to its end, so that the connection can be used again. The status has been
  /// read by now, and whatever happens to the rest does not change what it says.
  private static String excerpt(Call call, Response response) {
    if (response.code() < 200) {
      call.cancel();
      return "";
    }
    var excerpt = new Excerpt(response.header("Content-Encoding"));
    byte[] buffer = new byte[2048];
    int left = DeliveryConfig.ANSWER_BYTES;
    try (InputStream in = response.body().byteStream()) {
      int read = in.read(buffer);
      while (read >= 0 && left > read) {
        left -= read;
        excerpt.add(buffer, read);
        read = in.read(buffer);
      }
      if (read >= 0) {
        call.cancel();
      }
    } catch (IOException _) {
      call.cancel();
    }
    return excerpt.text();
  }

  private Optional<String> failureOf(int status) {
    return switch (status / 100) {
      case 2 -> Optional.empty();
      case 3 -> Optional.of("redirect");
      default ->
          switch (status) {
            case 410 -> Optional.of("gone");
            case 407 -> Optional.of(config.proxy().isPresent() ? Posted.PROXY : "http_4xx");
            default -> Optional.of("http_" + status / 100 + "xx");
          };
    };
  }

  private Posted.Wish wish(Response response) {
    String control = response.header("webhook-delivery", "");
    return new Posted.Wish(
        retryAfter(response),
        "abort-message".equalsIgnoreCase(control),
        "disable".equalsIgnoreCase(control));
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
