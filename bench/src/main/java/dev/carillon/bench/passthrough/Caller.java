package dev.carillon.bench.passthrough;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client with one connection that takes the time of chats.
final class Caller implements AutoCloseable {
  private static final byte[] DONE = "[DONE]\n\n\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final byte[] whole;
  private final byte[] streamed;

  Caller(InetSocketAddress address, String token) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(address, TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    whole = request(token, "");
    streamed = request(token, ",\"stream\":true");
  }

  private static byte[] request(String token, String more) {
    String body =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello to the lighthouse.\"}]"
            + more
            + "}";
    return ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// Nanoseconds to the last byte of an answer in one piece.
  long whole() throws IOException {
    long begin = System.nanoTime();
    socket.getOutputStream().write(whole);
    check(Http.read(in).head());
    return System.nanoTime() - begin;
  }

  /// Nanoseconds to the first event of an answer in pieces.
  long first() throws IOException {
    long begin = System.nanoTime();
    socket.getOutputStream().write(streamed);
    check(Http.read(in).head());
    if (in.read() < 0) {
      throw new IOException("no event came");
    }
    long took = System.nanoTime() - begin;
    int matched = 0;
    while (matched < DONE.length) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the stream broke off");
      }
      matched = next == DONE[matched] ? matched + 1 : next == DONE[0] ? 1 : 0;
    }
    return took;
  }

  private static void check(String head) throws IOException {
    if (!head.startsWith("HTTP/1.1 200")) {
      throw new IOException("not answered: " + head);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
