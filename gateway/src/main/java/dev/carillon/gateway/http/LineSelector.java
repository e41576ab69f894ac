package dev.carillon.gateway.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1Connection;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/// Puts a [Line] around each HTTP/1.1 connection.
final class LineSelector implements ServerConnectionSelector {
  private final Http1ConnectionSelector inner;
  private final Lines lines;

  LineSelector(Http1Config config, Lines lines) {
    this.lines = lines;
    this.inner = Http1ConnectionSelector.builder().config(config).build();
  }

  /// Makes Helidon's own connection over a context.
  @FunctionalInterface
  interface Inner {
    Http1Connection connection(ConnectionContext context);
  }

  @Override
  public int bytesToIdentifyConnection() {
    return inner.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return inner.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return inner.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Line(context, lines, over -> (Http1Connection) inner.connection(over));
  }
}
