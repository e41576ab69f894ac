package dev.carillon.gateway.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What a handler answers. Arrays are handed over, not copied.
@SuppressWarnings("ArrayRecordComponent") // Bodies go from the renderer to the socket untouched.
public sealed interface Reply {
  int status();

  /// Headers besides content type, content length and trace id; never null values.
  Map<String, String> headers();

  /// The same answer with one more header.
  Reply withHeader(String name, String value);

  /// A JSON answer.
  record Json(int status, byte[] body, Map<String, String> headers) implements Reply {
    @Override
    public Json withHeader(String name, String value) {
      return new Json(status, body, plus(headers, name, value));
    }
  }

  /// An answer of any other kind.
  record Content(int status, String contentType, byte[] body, Map<String, String> headers)
      implements Reply {
    @Override
    public Content withHeader(String name, String value) {
      return new Content(status, contentType, body, plus(headers, name, value));
    }
  }

  /// A part of a file, sent in pieces without holding it in memory.
  record FilePart(int status, String contentType, Slice slice, Map<String, String> headers)
      implements Reply {
    @Override
    public FilePart withHeader(String name, String value) {
      return new FilePart(status, contentType, slice, plus(headers, name, value));
    }
  }

  /// Bytes of a file.
  ///
  /// @param from the first byte, from 0
  /// @param length how many bytes
  record Slice(Path file, long from, long length) {}

  /// An answer in pieces, each flushed, such as [Sse] and [Ndjson].
  record Stream(int status, String contentType, Map<String, String> headers, StreamSink.Body body)
      implements Reply {
    @Override
    public Stream withHeader(String name, String value) {
      return new Stream(status, contentType, plus(headers, name, value), body);
    }
  }

  /// An answer without a body.
  record Empty(int status, Map<String, String> headers) implements Reply {
    @Override
    public Empty withHeader(String name, String value) {
      return new Empty(status, plus(headers, name, value));
    }
  }

  static Json json(int status, byte[] body) {
    return new Json(status, body, Map.of());
  }

  static Json json(int status, String body) {
    return json(status, body, Map.of());
  }

  static Json json(int status, String body, Map<String, String> headers) {
    return new Json(status, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /// A `200` with JSON.
  static Json json(byte[] body) {
    return json(200, body);
  }

  /// A `200` with JSON.
  static Json json(String body) {
    return json(200, body);
  }

  static Content content(int status, String contentType, byte[] body) {
    return new Content(status, contentType, body, Map.of());
  }

  /// Text as UTF-8; the content type should say so.
  static Content content(int status, String contentType, String body) {
    return content(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  static Stream stream(String contentType, StreamSink.Body body) {
    return new Stream(200, contentType, Map.of(), body);
  }

  static Empty empty(int status) {
    return new Empty(status, Map.of());
  }

  private static Map<String, String> plus(Map<String, String> headers, String name, String value) {
    var all = new HashMap<>(headers);
    all.put(name, value);
    return all;
  }
}
