package dev.carillon.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/// One blocking keep-alive connection.
public final class Connection implements AutoCloseable {
  private final Socket socket = new Socket();
  private final Message answer = new Message();

  public Connection(InetSocketAddress server, Duration timeout) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
    socket.connect(server, 1000);
  }

  /// Sends a request and reads its whole answer, which is valid until the next call.
  public Message exchange(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    answer.clear();
    var in = socket.getInputStream();
    do {
      read(in);
    } while (!answer.isWhole());
    return answer;
  }

  /// Sends a request and reads until a text has come.
  public void await(byte[] request, byte[] text) throws IOException {
    socket.getOutputStream().write(request);
    answer.clear();
    var in = socket.getInputStream();
    do {
      read(in);
    } while (!answer.has(text) && !answer.isWhole());
    if (!answer.has(text)) {
      throw new IOException("the stream ended early: " + answer.text());
    }
  }

  private void read(InputStream in) throws IOException {
    if (!answer.read(in)) {
      throw new IOException("closed by the server after: " + answer.text());
    }
  }

  /// Sends a request and reads the body of its answer.
  ///
  /// @throws IOException when the answer is not a good one, too
  public String ask(byte[] request) throws IOException {
    var answer = exchange(request);
    if (answer.status() >= 300) {
      throw new IOException("the server said " + answer.text());
    }
    return answer.body();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
