package dev.carillon.gateway.delivery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/// Makes sockets that look at the concrete address at the moment of connecting. This is the last
/// gate: it also stops IP literals that never reach a resolver, and names that changed since.
final class GuardedSockets extends SocketFactory {
  private final Predicate<InetAddress> permitted;

  GuardedSockets(Predicate<InetAddress> permitted) {
    this.permitted = permitted;
  }

  @Override
  public Socket createSocket() throws IOException {
    var socket = new GuardedSocket(permitted);
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

    GuardedSocket(Predicate<InetAddress> permitted) {
      this.permitted = permitted;
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
}
