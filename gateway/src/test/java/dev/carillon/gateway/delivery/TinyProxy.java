package dev.carillon.gateway.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP proxy on loopback. Whatever name it is asked for, it leads to the same port; or it
/// answers every request with the same refusal.
final class TinyProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final String refusal;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private TinyProxy(int target, String refusal) {
    this.target = target;
    this.refusal = refusal;
    try {
      this.server = new ServerSocket();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("tiny-proxy").start(this::accept);
  }

  /// One that leads to this port.
  static TinyProxy to(int port) {
    return new TinyProxy(port, "");
  }

  /// One that refuses with this status line.
  static TinyProxy refusing(String status) {
    return new TinyProxy(0, "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
  }

  DeliveryConfig.EgressProxy address() {
    return DeliveryConfig.EgressProxy.parse("http://proxy.internal:" + server.getLocalPort());
  }

  /// The request lines that came.
  List<String> lines() {
    return List.copyOf(lines);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException _) {
        // Closed: the loop decides.
      }
    }
  }

  private void serve(Socket client) {
    open.add(client);
    try (client) {
      String head = head(client.getInputStream());
      lines.add(head.substring(0, head.indexOf('\r')));
      if (!refusal.isEmpty()) {
        client.getOutputStream().write(refusal.getBytes(StandardCharsets.ISO_8859_1));
        long _ = client.getInputStream().transferTo(OutputStream.nullOutputStream());
        return;
      }
      try (var receiver = new Socket(InetAddress.getLoopbackAddress(), target)) {
        open.add(receiver);
        if (head.startsWith("CONNECT ")) {
          client
              .getOutputStream()
              .write("HTTP/1.1 200 Tunnel\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        } else {
          receiver.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        }
        Thread back = Thread.ofVirtual().start(() -> pump(receiver, client));
        pump(client, receiver);
        back.join();
      }
    } catch (IOException _) {
      // One side hung up.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pump(Socket from, Socket to) {
    try {
      long _ = from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException _) {
      // One side hung up.
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
