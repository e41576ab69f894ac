package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Helidon's connection context, reading through a [Line].
final class LineContext implements ConnectionContext {
  private final ConnectionContext inner;
  private final DataReader reader;

  LineContext(ConnectionContext inner, Supplier<byte[]> source) {
    this.inner = inner;
    this.reader = new ChunkBound(() -> next(source));
  }

  /// What was read to recognise the protocol comes first. Helidon takes null as the end.
  @SuppressWarnings("NullAway") // Helidon's supplier tells the end by null.
  private byte @Nullable [] next(Supplier<byte[]> source) {
    int peeked = inner.dataReader().available();
    if (peeked > 0) {
      return inner.dataReader().readBytes(peeked);
    }
    byte[] bytes = source.get();
    return bytes.length == 0 ? null : bytes;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public ListenerContext listenerContext() {
    return inner.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return inner.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return inner.dataWriter();
  }

  @Override
  public Router router() {
    return inner.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return inner.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return inner.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return inner.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return inner.localPeer();
  }

  @Override
  public boolean isSecure() {
    return inner.isSecure();
  }

  @Override
  public String socketId() {
    return inner.socketId();
  }

  @Override
  public String childSocketId() {
    return inner.childSocketId();
  }

  /// Refuses chunks that Helidon would hold whole in memory; what comes with a length is read in
  /// pieces.
  private static final class ChunkBound extends DataReader {
    private static final int LARGEST_CHUNK = 32 * 1024 * 1024;

    @SuppressWarnings("removal") // the factory gives no subclass
    ChunkBound(Supplier<byte[]> source) {
      super(source, false);
    }

    @Override
    public BufferData readBuffer(int length) {
      if (length > LARGEST_CHUNK) {
        throw new Problem(
            ErrorCode.REQUEST_TOO_LARGE, "A chunk has more than " + LARGEST_CHUNK + " bytes.");
      }
      return super.readBuffer(length);
    }
  }
}
