package dev.carillon.gateway.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Where a streaming answer's pieces go.
@FunctionalInterface
public interface StreamSink {

  /// Sends one piece and flushes it to the client.
  ///
  /// @throws IOException when the client is gone; the stream ends quietly when it passes through
  void send(byte[] piece) throws IOException;

  /// Sends text as UTF-8.
  default void send(String piece) throws IOException {
    send(piece.getBytes(StandardCharsets.UTF_8));
  }

  /// Writes a streaming answer on the request's virtual thread; the answer ends when it returns.
  @FunctionalInterface
  interface Body {
    void write(StreamSink sink) throws IOException, InterruptedException;
  }
}
