package dev.carillon.gateway.delivery;

import dev.carillon.gateway.delivery.GuardedSockets.EndlessHeadException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Response;

/// How far one call came, so that a failure can be told by its stage.
final class Trip extends EventListener {
  private static final int MAX_CAUSES = 10;

  private enum Phase {
    DNS,
    CONNECT,
    TLS,
    HEADERS,
    BODY
  }

  private final boolean proxied;
  // Connecting may run on a thread of the client's own, hence volatile.
  private volatile Phase phase = Phase.DNS;
  private volatile boolean connected;
  private volatile int status;

  /// @param proxied whether a proxy stands in between, which looks the name up and connects
  Trip(boolean proxied) {
    this.proxied = proxied;
  }

  @Override
  public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
    phase = Phase.CONNECT;
    connected = true;
  }

  @Override
  public void secureConnectStart(Call call) {
    phase = Phase.TLS;
  }

  @Override
  public void requestHeadersStart(Call call) {
    phase = Phase.HEADERS;
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    phase = Phase.BODY;
    status = response.code();
  }

  /// The status of an answer that was read up to its head; 0 when none was.
  int status() {
    return status;
  }

  /// True when a kept connection turned out to be closed before an answer came: nobody's fault, and
  /// worth one more try on a new connection.
  boolean wasStale(IOException failure) {
    return !connected
        && phase == Phase.HEADERS
        && !(failure instanceof InterruptedIOException)
        && !Thread.currentThread().isInterrupted();
  }

  /// The word for a receipt.
  String failure(IOException failure) {
    if (Thread.currentThread().isInterrupted()) {
      return "ours_shutdown";
    }
    if (caused(failure, BlockedAddressException.class)) {
      return Posted.BLOCKED_ADDRESS;
    }
    if (caused(failure, EndlessHeadException.class)) {
      return "too_large";
    }
    if (proxied && (phase == Phase.DNS || phase == Phase.CONNECT)) {
      return proxyFailure(failure);
    }
    return switch (failure) {
      case LookupException lookup -> lookup.failure();
      case UnknownHostException unknown ->
          String.valueOf(unknown.getMessage()).contains("Temporary") ? "dns_fail" : "dns_nxdomain";
      case InterruptedIOException _ -> "timeout_" + phase.name().toLowerCase(Locale.ROOT);
      case SSLPeerUnverifiedException _ -> "tls_cert";
      case SSLException _ ->
          caused(failure, CertificateException.class) ? "tls_cert" : "tls_handshake";
      case ConnectException _ -> saysRefused(failure) ? "connect_refused" : "connect_unreachable";
      case NoRouteToHostException _ -> "connect_unreachable";
      case SocketException socket -> socketFailure(String.valueOf(socket.getMessage()));
      default -> caused(failure, EOFException.class) ? "connection_closed" : "protocol";
    };
  }

  /// Before the tunnel stands, the failure is the proxy's, unless it says that it cannot reach the
  /// receiver (5xx), or waits for it until our time is over.
  private String proxyFailure(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("CONNECT: 5")) {
      return "connect_unreachable";
    }
    boolean waiting =
        phase == Phase.CONNECT
            && failure instanceof InterruptedIOException
            && !(failure instanceof SocketTimeoutException);
    return waiting ? "timeout_connect" : Posted.PROXY;
  }

  private static boolean saysRefused(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MAX_CAUSES)
        .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("refused"));
  }

  private String socketFailure(String message) {
    if (message.contains("Too many open files") || message.contains("Cannot assign")) {
      return "ours_capacity";
    }
    return phase == Phase.CONNECT ? "connect_unreachable" : "connection_reset";
  }

  private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MAX_CAUSES)
        .anyMatch(type::isInstance);
  }
}
