package dev.carillon.gateway.upstream.passthrough;

import java.io.IOException;
import java.util.Optional;

/// One request and its answer under way. Of one thread; [#abort] is for any.
public interface Exchange extends AutoCloseable {

  /// Sends the request and waits for the head of the answer.
  ///
  /// @throws IOException when there is no answer: it cannot be reached, or does not speak
  /// @throws InterruptedException when the gateway stops
  void begin() throws IOException, InterruptedException;

  /// The HTTP status.
  int status();

  /// The media type; empty when the provider does not say.
  Optional<String> contentType();

  /// The provider's `Retry-After`, as it wrote it.
  Optional<String> retryAfter();

  /// Reads what is there, at least a byte, waiting for the first one.
  ///
  /// @return how many bytes, or -1 at the end
  /// @throws IOException when the answer breaks off, or was aborted
  int read(byte[] into) throws IOException;

  /// Breaks the connection off, so that what waits for it fails. Twice is harmless.
  void abort();

  @Override
  void close();
}
