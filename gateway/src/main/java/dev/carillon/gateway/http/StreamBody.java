package dev.carillon.gateway.http;

import java.io.IOException;

/// Writes a streaming answer on the request's virtual thread; the answer ends when it returns.
@FunctionalInterface
public interface StreamBody {
  void write(StreamSink sink) throws IOException, InterruptedException;
}
