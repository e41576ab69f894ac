package dev.carillon.gateway.store.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A line to a database that can lose the answer to a commit: the database gets the commit, and the
/// connection is cut once it has answered.
final class LossyLine implements AutoCloseable {
  private static final int CHUNK = 64 << 10;

  /// Ends what is answered together. Source: PostgreSQL's documentation, "Message Formats".
  private static final String SYNC = "S\0\0\0\4";

  private final ServerSocket door;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger toLose = new AtomicInteger();
  private volatile boolean cut;
  private final Queue<Committed> committed = new ConcurrentLinkedQueue<>();

  /// A transaction that went over the line.
  ///
  /// @param messages in how many messages, each answered before the next one
  /// @param last what the last one held
  record Committed(int messages, String last) {}

  /// @param port of the database
  LossyLine(int port) {
    this.port = port;
    try {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::open);
  }

  int port() {
    return door.getLocalPort();
  }

  /// The transactions since this was asked last.
  List<Committed> takeCommitted() {
    var taken = new ArrayList<Committed>();
    for (Committed one = committed.poll(); one != null; one = committed.poll()) {
      taken.add(one);
    }
    return taken;
  }

  /// Loses the answers to the next few commits.
  void loseCommits(int count) {
    toLose.set(count);
  }

  /// Cuts all connections and lets no new one through, until [#mend].
  void cut() {
    cut = true;
    sockets.forEach(LossyLine::end);
  }

  void mend() {
    cut = false;
  }

  private void open() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        if (cut) {
          client.close();
          continue;
        }
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(client);
        sockets.add(server);
        var line = new Line(client, server);
        Thread.ofVirtual().start(line::forth);
        Thread.ofVirtual().start(line::back);
      } catch (IOException ended) {
        // The test is over, or the database is away.
      }
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException closed) {
      // It is what was wanted.
    }
  }

  /// One connection through the line.
  private final class Line {
    private final Socket client;
    private final Socket server;
    private volatile boolean losing;
    private int messages; // of the transaction under way

    private Line(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    private void forth() {
      var chunk = new byte[CHUNK];
      try {
        for (int read; (read = client.getInputStream().read(chunk)) >= 0; ) {
          String text = new String(chunk, 0, read, StandardCharsets.ISO_8859_1);
          count(text);
          if (text.contains("COMMIT") && toLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            losing = true;
          }
          server.getOutputStream().write(chunk, 0, read);
        }
      } catch (IOException ended) {
        // Either side closed.
      } finally {
        close();
      }
    }

    private void count(String text) {
      for (int at = text.indexOf(SYNC); at >= 0; at = text.indexOf(SYNC, at + 1)) {
        messages++;
      }
      if (text.contains("COMMIT")) {
        committed.add(new Committed(messages, text));
        messages = 0;
      }
    }

    private void back() {
      var chunk = new byte[CHUNK];
      try {
        for (int read; (read = server.getInputStream().read(chunk)) >= 0; ) {
          if (losing) {
            return;
          }
          client.getOutputStream().write(chunk, 0, read);
        }
      } catch (IOException ended) {
        // Either side closed.
      } finally {
        close();
      }
    }

    private void close() {
      end(client);
      end(server);
      sockets.remove(client);
      sockets.remove(server);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    sockets.forEach(LossyLine::end);
  }
}
