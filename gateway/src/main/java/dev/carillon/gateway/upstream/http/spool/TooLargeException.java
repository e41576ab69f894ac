package dev.carillon.gateway.upstream.http.spool;

import java.io.IOException;

/// An answer is larger than may be taken; asking again would not make it smaller.
public final class TooLargeException extends IOException {
  TooLargeException(String message) {
    super(message);
  }
}
