package dev.carillon.gateway.delivery;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/// Makes sockets that look at the concrete address at the moment of connecting. This is the last
/// gate: it also stops IP literals that never reach a resolver, and names that changed since.
///
/// Each may also end an answer of which more comes than is ever read of one: where a body's part in
/// that is little, it is a head without end.
final class GuardedSockets extends SocketFactory {
  /// For answers of which all is read, however long.
  static final long WHOLE_ANSWERS = Long.MAX_VALUE;

  /// For those of which a head and a little of the body is read: with the wrapping of TLS.
  static final long SHORT_ANSWERS = 128 * 1024;

  private final Predicate<InetAddress> permitted;
  private final long answerBytes;

  /// @param answerBytes with more than this, an answer is broken off
  GuardedSockets(Predicate<InetAddress> permitted, long answerBytes) {
    this.permitted = permitted;
    this.answerBytes = answerBytes;
  }

  @Override
  public Socket createSocket() throws IOException {
    var socket = new GuardedSocket(permitted, answerBytes);
    socket.setTcpNoDelay(true);
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw new BlockedAddressException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new BlockedAddressException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw new BlockedAddressException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw new BlockedAddressException();
  }

  private static final class GuardedSocket extends Socket {
    private final Predicate<InetAddress> permitted;
    private final long answerBytes;

    /// What came since something was sent last; sending and hearing take turns.
    private volatile long came;

    GuardedSocket(Predicate<InetAddress> permitted, long answerBytes) {
      this.permitted = permitted;
      this.answerBytes = answerBytes;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new FilterOutputStream(super.getOutputStream()) {
        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          came = 0;
          out.write(bytes, from, length);
        }
      };
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          long before = came;
          if (before > answerBytes) {
            throw new EndlessHeadException();
          }
          int read = in.read(bytes, from, length);
          came = before + Math.max(0, read);
          return read;
        }
      };
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address)
          || address.isUnresolved()
          || !permitted.test(address.getAddress())) {
        throw new BlockedAddressException();
      }
      super.connect(endpoint, timeoutMillis);
      if (!address.getAddress().equals(getInetAddress())) {
        close();
        throw new BlockedAddressException();
      }
    }
  }

  /// More of an answer came than a head and what is read of a body can be.
  static final class EndlessHeadException extends IOException {
    private static final long serialVersionUID = 1;

    EndlessHeadException() {
      super("the head of the answer has no end");
    }
  }
}
