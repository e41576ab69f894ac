package dev.carillon.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads requests one after the other from a connection. For one thread.
final class RequestReader {
  private static final int MAX_HEAD_BYTES = 256 * 1024;
  private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

  private final InputStream in;
  private final int connection;
  private byte[] buffer = new byte[8 * 1024];
  private int start;
  private int end;

  RequestReader(InputStream in, int connection) {
    this.in = in;
    this.connection = connection;
  }

  /// The next request; empty when the other side closed instead of sending one.
  Optional<Received> next() throws IOException {
    int headBytes = findHead();
    if (headBytes < 0) {
      return Optional.empty();
    }
    String head = new String(buffer, start, headBytes, StandardCharsets.ISO_8859_1);
    start += headBytes;
    String[] line = head.substring(0, head.indexOf('\r')).split(" ", 3);
    if (line.length < 3) {
      throw new IOException("no request line: " + line[0]);
    }
    Map<String, List<String>> headers = headersOf(head);
    byte[] body = body(headers);
    return Optional.of(
        new Received(
            line[0], line[1], head, headers, body, connection, Instant.now(), System.nanoTime()));
  }

  private byte[] body(Map<String, List<String>> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      return chunks();
    }
    List<String> length = headers.getOrDefault("content-length", List.of("0"));
    return exactly(Integer.parseInt(length.getFirst().strip()));
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
      if (size == 0) {
        while (!line().isEmpty()) {
          // Trailers are of no interest.
        }
        return body.toByteArray();
      }
      body.writeBytes(exactly(size));
      String _ = line();
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    while (true) {
      char next = (char) exactly(1)[0];
      if (next == '\n') {
        return line.toString();
      }
      if (next != '\r') {
        line.append(next);
      }
    }
  }

  private byte[] exactly(int count) throws IOException {
    if (count < 0 || count > MAX_BODY_BYTES) {
      throw new IOException("a body of " + count + " bytes");
    }
    byte[] bytes = new byte[count];
    int buffered = Math.min(count, end - start);
    System.arraycopy(buffer, start, bytes, 0, buffered);
    start += buffered;
    if (buffered < count && in.readNBytes(bytes, buffered, count - buffered) < count - buffered) {
      throw new EOFException("the body ended early");
    }
    return bytes;
  }

  /// The length of the head at the buffer's start, its empty line included; -1 at the end of input.
  private int findHead() throws IOException {
    int from = start;
    while (true) {
      for (int i = from; i + 3 < end; i++) {
        if (buffer[i] == '\r'
            && buffer[i + 1] == '\n'
            && buffer[i + 2] == '\r'
            && buffer[i + 3] == '\n') {
          return i + 4 - start;
        }
      }
      int searched = Math.max(0, end - start - 3);
      if (!fill()) {
        return -1;
      }
      from = start + searched;
    }
  }

  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      if (buffer.length >= MAX_HEAD_BYTES) {
        throw new IOException("a head of more than " + MAX_HEAD_BYTES + " bytes");
      }
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int count = in.read(buffer, end, buffer.length - end);
    end += Math.max(0, count);
    return count > 0;
  }

  private static Map<String, List<String>> headersOf(String head) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    String[] lines = head.split("\r\n", -1);
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers
            .computeIfAbsent(
                lines[i].substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
            .add(lines[i].substring(colon + 1).strip());
      }
    }
    return headers;
  }
}
