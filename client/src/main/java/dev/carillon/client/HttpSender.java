package dev.carillon.client;

import dev.carillon.client.http.BoundedBody;
import dev.carillon.client.http.NoTls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends by `java.net.http`. The limit of a call covers the answer's body too, which the client's
/// own timeout does not; an answer that takes longer or is larger is cancelled, which frees its
/// connection. Redirects are not followed: a token is for one address.
final class HttpSender implements Sender, AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;
  private static final int LARGEST_ANSWER = 64 * MEBIBYTE;
  private static final String CLOSED = "the client was closed";
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final HttpClient client;
  private final String base;
  private final String token;
  private final String agent;
  private final Set<Runnable> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /// @param base such as `http://127.0.0.1:8080`, without a slash at its end
  HttpSender(String base, String token, String agent) {
    this.client = client(base.startsWith("https:"));
    this.base = base;
    this.token = token;
    this.agent = agent;
  }

  private static HttpClient client(boolean isSecure) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    return isSecure ? builder.build() : builder.sslContext(NoTls.context()).build();
  }

  @Override
  public Reply send(Call call) throws InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request(call),
            info -> new BoundedBody<>(BodySubscribers.ofByteArray(), LARGEST_ANSWER));
    Runnable cancel = () -> answer.cancel(true);
    underWay.add(cancel);
    try {
      if (closed) {
        throw new InterruptedException(CLOSED);
      }
      HttpResponse<byte[]> response = answer.get(call.limit().toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (ExecutionException e) {
      if (closed) {
        throw new InterruptedException(CLOSED);
      }
      Throwable cause = e.getCause() == null ? e : e.getCause();
      boolean sent =
          !(cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException);
      throw new TransportException(what(call) + ": " + describe(cause), sent, cause);
    } catch (CancellationException e) {
      throw new InterruptedException(CLOSED);
    } catch (TimeoutException e) {
      throw new TransportException(what(call) + ": no answer within " + call.limit(), true, e);
    } finally {
      // Does nothing to an answer that is there; frees the connection of one that is not.
      cancel.run();
      underWay.remove(cancel);
    }
  }

  /// Ends what is under way. The threads and connections end now where Java can do that, from 21
  /// on; else when the client is collected.
  @Override
  public void close() {
    closed = true;
    underWay.forEach(Runnable::run);
    if (client instanceof AutoCloseable closeable) {
      // Waits for all that is under way, in some versions also for what was cancelled.
      var closing = new Thread(() -> close(closeable), "carillon-close");
      closing.setDaemon(true);
      closing.start();
      try {
        closing.join(CLOSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void close(AutoCloseable client) {
    try {
      client.close();
    } catch (Exception e) {
      throw new IllegalStateException("the client cannot be closed", e);
    }
  }

  private HttpRequest request(Call call) {
    var request =
        HttpRequest.newBuilder(URI.create(base + call.path()))
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json")
            .header("User-Agent", agent);
    call.headers().forEach(request::header);
    if (call.body().isPresent()) {
      request.header("Content-Type", "application/json");
      return request.method(call.method(), BodyPublishers.ofString(call.body().get())).build();
    }
    return request.method(call.method(), BodyPublishers.noBody()).build();
  }

  private String what(Call call) {
    return call.method() + " " + base + call.path();
  }

  private static String describe(Throwable cause) {
    if (cause instanceof ConnectException && cause.getMessage() == null) {
      return "nothing takes the connection";
    }
    return cause instanceof IOException && cause.getMessage() != null
        ? cause.getMessage()
        : cause.toString();
  }
}
