package dev.carillon.bench;

import dev.carillon.bench.load.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// A receiver that misbehaves in one way, on every address of this machine, a thread for each
/// connection.
final class Rogue implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final int BACKLOG = 1024;
  private static final byte[] BROKEN =
      Message.ascii("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
  private static final byte[] FINE = Message.ascii("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  private static final byte[] ENDLESS =
      Message.ascii("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");

  /// How it misbehaves.
  enum Manner {
    /// Nobody listens there.
    DEAD,
    /// Takes the request and never answers.
    HANG,
    /// Answers after three seconds.
    SLOW,
    /// Sends a byte of its answer now and then.
    TRICKLE,
    /// Answers without end.
    FLOOD,
    /// Answers 500, and 200 now and then.
    FLAP
  }

  private final Manner manner;
  private final ServerSocket door;
  private final int port;
  private int answered;

  Rogue(Manner manner) throws IOException {
    this.manner = manner;
    this.door = new ServerSocket();
    door.bind(new InetSocketAddress(0), BACKLOG);
    port = door.getLocalPort();
    if (manner == Manner.DEAD) {
      door.close();
    } else {
      Thread.ofVirtual().name("rogue").start(this::serve);
    }
  }

  int port() {
    return port;
  }

  private void serve() {
    while (!door.isClosed()) {
      try {
        Socket socket = door.accept();
        Thread.ofVirtual().name("rogue").start(() -> serve(socket));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(Math.toIntExact(LONGEST.toMillis()));
      byte[] some = new byte[16 << 10];
      while (socket.getInputStream().read(some) > 0) {
        answer(socket.getOutputStream());
      }
    } catch (IOException _) {
      // the other side gave up, which is its right
    }
  }

  private void answer(OutputStream out) throws IOException {
    switch (manner) {
      case DEAD, HANG -> rest(LONGEST);
      case SLOW -> {
        rest(Duration.ofSeconds(3));
        out.write(FINE);
      }
      case TRICKLE -> {
        for (byte next : FINE) {
          out.write(next);
          rest(Duration.ofMillis(500));
        }
      }
      case FLOOD -> {
        out.write(ENDLESS);
        byte[] block = new byte[64 << 10];
        for (int i = 0; i < 1_000; i++) {
          out.write(block);
        }
      }
      case FLAP -> out.write(fine() ? FINE : BROKEN);
    }
  }

  private synchronized boolean fine() {
    answered++;
    return answered % 7 == 0;
  }

  private static void rest(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  @Override
  public void close() throws IOException {
    door.close();
  }
}
