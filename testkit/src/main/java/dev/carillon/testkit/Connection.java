package dev.carillon.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;

/// One accepted connection: reads requests and plays the reactions to them until either side ends
/// it. For one thread.
final class Connection {
  private static final byte[] FILLING = new byte[16 * 1024];

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  Connection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  void serve(int number, Function<Received, Reaction> script)
      throws IOException, InterruptedException {
    var reader = new RequestReader(in, number);
    Optional<Received> request = reader.next();
    while (request.isPresent() && play(script.apply(request.get()))) {
      request = reader.next();
    }
  }

  /// True when the connection can take another request.
  private boolean play(Reaction reaction) throws IOException, InterruptedException {
    return switch (reaction) {
      case Reaction.Answer answer -> answer(answer);
      case Reaction.After(var delay, var then) -> {
        Thread.sleep(delay);
        yield play(then);
      }
      case Reaction.Hang _ -> hang();
      case Reaction.DripHead(var pause) -> drip("HTTP/1.1 200 OK\r\nX-Drip: ", pause);
      case Reaction.DripBody(var pause) ->
          drip("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n", pause);
      case Reaction.HalfAnswer _ -> {
        send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + "x".repeat(50));
        yield false;
      }
      case Reaction.Close _ -> false;
      case Reaction.Reset _ -> {
        socket.setSoLinger(true, 0);
        yield false;
      }
      case Reaction.Huge(int status, long bytes) -> huge(status, bytes);
      case Reaction.EndlessChunks _ -> endlessChunks();
      case Reaction.EndlessHead _ -> endless("HTTP/1.1 200 OK\r\n", "X-More: more\r\n");
      case Reaction.EndlessInterim _ -> endless("", "HTTP/1.1 103 Early Hints\r\n\r\n");
      case Reaction.GzipBomb _ -> gzipBomb();
      case Reaction.Raw(var bytes) -> {
        send(bytes);
        yield false;
      }
    };
  }

  private boolean answer(Reaction.Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    var text = new StringBuilder("HTTP/1.1 ").append(answer.status()).append(" Scripted\r\n");
    answer.headers().forEach((n, v) -> text.append(n).append(": ").append(v).append("\r\n"));
    if (answer.status() != 204 && answer.status() != 304) {
      text.append("Content-Length: ").append(body.length).append("\r\n");
    }
    text.append("\r\n");
    byte[] head = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    out.write(whole);
    return true;
  }

  private boolean hang() throws IOException {
    while (in.read() >= 0) {
      // Whatever still comes is of no interest; the end of the stream is.
    }
    return false;
  }

  private boolean drip(String beginning, Duration pause) throws IOException, InterruptedException {
    send(beginning);
    while (true) {
      Thread.sleep(pause);
      out.write('x');
    }
  }

  private boolean huge(int status, long bytes) throws IOException {
    send("HTTP/1.1 " + status + " Scripted\r\nContent-Length: " + bytes + "\r\n\r\n");
    for (long left = bytes; left > 0; left -= FILLING.length) {
      out.write(FILLING, 0, (int) Math.min(left, FILLING.length));
    }
    return true;
  }

  private boolean endlessChunks() throws IOException {
    send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (true) {
      send(Integer.toHexString(FILLING.length) + "\r\n");
      out.write(FILLING);
      send("\r\n");
    }
  }

  private boolean endless(String beginning, String more) throws IOException {
    send(beginning);
    while (true) {
      send(more);
    }
  }

  private boolean gzipBomb() throws IOException {
    send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
    var packed = new GZIPOutputStream(out);
    while (true) {
      packed.write(FILLING);
    }
  }

  private void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
