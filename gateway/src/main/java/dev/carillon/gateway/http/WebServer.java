package dev.carillon.gateway.http;

import dev.carillon.gateway.domain.Ids;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The HTTP server. Starting or closing twice is harmless.
///
/// Guarded by this: whether it runs.
public final class WebServer implements AutoCloseable {
  private static final long LARGEST_UPLOAD = 6L << 30;

  // Helidon counts a request that waits long as idle; the socket's read timeout does not.
  private static final Duration NEVER = Duration.ofDays(365);

  private final HttpConfig config;
  private final Ids traceIds;
  private final RequestListener listener;
  private final Front front;
  private io.helidon.webserver.@Nullable WebServer running;
  private @Nullable Lines lines;

  /// A server that does not listen yet.
  ///
  /// @param routes who answers what; not to be changed any more
  /// @param traceIds where trace ids come from
  /// @param translate turns an exception of another room into an answer, such as a store that
  ///   cannot be reached into `503`; empty for one that nobody expected
  public WebServer(
      HttpConfig config,
      Routes routes,
      Ids traceIds,
      Function<Throwable, Optional<Problem>> translate,
      RequestListener listener) {
    this.config = config;
    this.traceIds = traceIds;
    this.listener = listener;
    this.front = new Front(config, routes, traceIds, translate, listener);
  }

  /// Listens.
  ///
  /// @return the port
  /// @throws RuntimeException when the address cannot be bound
  public synchronized int start() {
    if (running == null) {
      lines = new Lines(config.limits().read());
      var started = helidon(lines).build().start();
      if (!started.isRunning() || started.port() < 0) {
        lines.close();
        lines = null;
        throw new IllegalStateException(
            "cannot listen on %s:%d: is the port in use, or the address not one of this machine?"
                .formatted(config.host(), config.port()));
      }
      running = started;
    }
    return running.port();
  }

  /// Stops to accept, lets running requests finish within [HttpLimits#grace], then cuts them.
  @Override
  public synchronized void close() {
    if (running != null) {
      running.stop();
      running = null;
    }
    if (lines != null) {
      lines.close();
      lines = null;
    }
  }

  private WebServerConfig.Builder helidon(Lines watched) {
    var limits = config.limits();
    // Bodies over the limit are refused by the call that reads them, after its token was checked.
    return io.helidon.webserver.WebServer.builder()
        .host(config.host())
        .port(config.port())
        .backlog(limits.backlog())
        .maxTcpConnections(limits.connections())
        .maxPayloadSize(LARGEST_UPLOAD)
        .idleConnectionTimeout(NEVER)
        .shutdownGracePeriod(limits.grace())
        .shutdownHook(false)
        .featuresDiscoverServices(false)
        .protocolsDiscoverServices(false)
        .useNio(false)
        .connectionOptions(
            options -> options.tcpNoDelay(true).readTimeout(limits.idle()).socketKeepAlive(true))
        .contentEncoding(
            ContentEncodingContext.create(
                encodings -> encodings.contentEncodingsDiscoverServices(false)))
        .addConnectionSelector(new LineSelector(http1(limits), watched))
        .directHandlers(new LowAnswers(limits, traceIds, listener).handlers())
        .routing(routing -> routing.any(front));
  }

  private static Http1Config http1(HttpLimits limits) {
    return Http1Config.builder()
        .maxPrologueLength(limits.headBytes())
        .maxHeadersSize(limits.headBytes())
        .sendKeepAliveHeader(false)
        .log(log -> log.receiveLog(false).sendLog(false))
        .build();
  }
}
