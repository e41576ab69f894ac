package dev.carillon.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/// Calls the sink over kept connections with as little work as HTTP allows, so that what is
/// measured is the queue and not an HTTP client.
final class Calls {
  private final int port;
  private final ConcurrentLinkedDeque<Socket> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger called = new AtomicInteger();

  Calls(int port) {
    this.port = port;
  }

  /// How many calls were answered.
  int called() {
    return called.get();
  }

  /// Tells the sink of a job.
  void call(String id) throws IOException {
    var body = "{\"task_id\":\"" + id + "\"}";
    var request =
        "POST /told HTTP/1.1\r\n"
            + "Host: localhost\r\n"
            + "Content-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    var kept = idle.poll();
    var socket = kept == null ? open() : kept;
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    awaitAnswer(socket);
    idle.push(socket);
    called.incrementAndGet();
  }

  private Socket open() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /// The sink's answers have no body.
  private static void awaitAnswer(Socket socket) throws IOException {
    var in = socket.getInputStream();
    var bytes = new byte[256];
    int end = 0;
    while (end < 4
        || bytes[end - 4] != '\r'
        || bytes[end - 3] != '\n'
        || bytes[end - 2] != '\r'
        || bytes[end - 1] != '\n') {
      int count = in.read(bytes, end, bytes.length - end);
      if (count <= 0) {
        throw new IOException("the sink closed");
      }
      end += count;
    }
  }
}
