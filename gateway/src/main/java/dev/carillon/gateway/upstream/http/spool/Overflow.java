package dev.carillon.gateway.upstream.http.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Bytes that stay in memory while they are few, and go to a file once they are many.
final class Overflow extends OutputStream {
  private final int few;
  private final Place place;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private OutputStream file = OutputStream.nullOutputStream();
  private boolean many;

  /// Opens the file.
  @FunctionalInterface
  interface Place {
    OutputStream open() throws IOException;
  }

  Overflow(int few, Place place) {
    this.few = few;
    this.place = place;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (!many && memory.size() + length > few) {
      file = place.open();
      many = true;
      memory.writeTo(file);
      memory.reset();
    }
    (many ? file : memory).write(bytes, from, length);
  }

  /// Whether they are in the file.
  boolean isMany() {
    return many;
  }

  /// The few.
  byte[] few() {
    return memory.toByteArray();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
