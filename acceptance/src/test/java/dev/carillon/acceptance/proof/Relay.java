package dev.carillon.acceptance.proof;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// A line of TCP that can be cut: silently, so that bytes go nowhere and nobody is told, or with a
/// bang; and that can lead elsewhere, as an address does that moves to another machine.
final class Relay implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final long PAUSE_NANOS = 20_000_000;

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean silent;
  private volatile boolean closed;

  /// @param host where it listens, on a free port
  /// @param target the port of this machine it leads to
  Relay(String host, int target) {
    this.target = target;
    try {
      this.server = new ServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getByName(host), 0), 512);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().name("relay").daemon().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /// From now on bytes are swallowed, on connections of before and on new ones.
  void silence() {
    silent = true;
  }

  /// Bytes flow again on new connections; those that lost some end.
  void heal() {
    breakAll();
    silent = false;
  }

  /// Ends all connections.
  void breakAll() {
    open.forEach(Relay::end);
  }

  /// New connections lead to another port; those there are end.
  void leadTo(int port) {
    target = port;
    breakAll();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket near = server.accept();
        Thread.ofVirtual().name("relay-connection").start(() -> join(near));
      } catch (IOException _) {
        // Closed, or gone before it was accepted: the loop decides.
      }
    }
  }

  private void join(Socket near) {
    open.add(near);
    try (near) {
      while (silent && !near.isClosed()) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      try (Socket far = new Socket(InetAddress.getLoopbackAddress(), target)) {
        open.add(far);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        Thread back = Thread.ofVirtual().start(() -> copy(far, near));
        copy(near, far);
        back.join();
        open.remove(far);
      }
    } catch (IOException _) {
      // Either end is gone, and with it the other.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(near);
    }
  }

  private void copy(Socket from, Socket to) {
    var buffer = new byte[BUFFER];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        while (silent && !closed && !from.isClosed()) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        out.write(buffer, 0, read);
      }
    } catch (IOException _) {
      // The end of a connection.
    }
  }

  private static void end(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException _) {
      // It is gone, which was wanted.
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    breakAll();
  }
}
