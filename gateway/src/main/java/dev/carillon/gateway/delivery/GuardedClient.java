package dev.carillon.gateway.delivery;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import okhttp3.Authenticator;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/// An outgoing HTTP client behind an [AddressGuard], for rooms that fetch from addresses somebody
/// else chose: all addresses of a name are vetted at the look-up, and the concrete one again at the
/// moment of connecting. It follows no redirects, keeps no cookies, unpacks nothing it was not
/// asked to, and uses no proxy and no system setting.
///
/// Its time limits are each call's own: set `callTimeout` or a call's timeout.
public final class GuardedClient implements AutoCloseable {
  private static final int IDLE_CONNECTIONS = 32;
  private static final long IDLE_SECONDS = 30;
  private static final int MOST_CAUSES = 10;

  private final AddressGuard guard;
  private final GuardedDns dns;
  private final Duration connect;
  private final Predicate<URI> trusted;
  private @Nullable OkHttpClient
      made; // guarded by this; the trusted certificates take long to read
  private @Nullable OkHttpClient unguarded; // guarded by this

  /// A client that trusts nobody.
  ///
  /// @param lookup how long the look-up of a name may take
  /// @param connect how long a connection may take to stand
  public GuardedClient(AddressGuard guard, Duration lookup, Duration connect) {
    this(guard, lookup, connect, _ -> false);
  }

  /// A client of an operator who named servers that may stand anywhere.
  ///
  /// @param trusted whether an address is one of them
  public GuardedClient(
      AddressGuard guard, Duration lookup, Duration connect, Predicate<URI> trusted) {
    this.guard = guard;
    this.connect = connect;
    this.trusted = trusted;
    this.dns = new GuardedDns(AddressGuard.systemResolver(), guard::permits, lookup);
  }

  /// The client behind the guard; made when first asked for.
  public synchronized OkHttpClient client() {
    OkHttpClient client = made;
    if (client == null) {
      client = build();
      made = client;
    }
    return client;
  }

  /// The client for an address that [#check] let through.
  public synchronized OkHttpClient client(HttpUrl url) {
    OkHttpClient client = client();
    if (!trusted.test(url.uri())) {
      return client;
    }
    OkHttpClient open = unguarded;
    if (open == null) {
      open = client.newBuilder().dns(Dns.SYSTEM).socketFactory(SocketFactory.getDefault()).build();
      unguarded = open;
    }
    return open;
  }

  private OkHttpClient build() {
    return new OkHttpClient.Builder()
        .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT))
        .dns(dns)
        .socketFactory(new GuardedSockets(guard::permits, GuardedSockets.WHOLE_ANSWERS))
        .proxy(Proxy.NO_PROXY)
        .protocols(List.of(Protocol.HTTP_1_1))
        .followRedirects(false)
        .followSslRedirects(false)
        .retryOnConnectionFailure(false)
        .connectTimeout(connect)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        .authenticator(Authenticator.NONE)
        .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
        .build();
  }

  /// The address of a URL whose text passes the guard; empty when it does not, or when the client
  /// would read another host in it.
  public Optional<HttpUrl> check(String url) {
    Optional<HttpUrl> known =
        Optional.ofNullable(HttpUrl.parse(url)).filter(parsed -> trusted.test(parsed.uri()));
    return known.or(() -> checkGuarded(url));
  }

  /// The same, trusting nobody.
  public Optional<HttpUrl> checkGuarded(String url) {
    if (!(guard.check(url) instanceof Verdict.Allowed(var target))) {
      return Optional.empty();
    }
    HttpUrl parsed =
        new HttpUrl.Builder()
            .scheme(target.scheme())
            .host(target.host())
            .port(target.port())
            .encodedPath(target.path())
            .encodedQuery(target.query().orElse(null))
            .build();
    boolean same = parsed.host().equals(target.host()) && parsed.port() == target.port();
    return same ? Optional.of(parsed) : Optional.empty();
  }

  /// Whether a call failed because its address may not be connected to.
  public static boolean isBlocked(IOException failure) {
    return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MOST_CAUSES)
        .anyMatch(BlockedAddressException.class::isInstance);
  }

  @Override
  public synchronized void close() {
    dns.close();
    OkHttpClient client = made;
    if (client != null) {
      client.connectionPool().evictAll();
    }
  }
}
