package dev.carillon.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// One request as it came over the wire.
///
/// @param method such as `POST`
/// @param target the request target as sent: path and query, not decoded
/// @param head the raw head, request line and header lines with their line ends, as ISO 8859-1
/// @param headers values by name in lower case, in the order sent
/// @param body the body's bytes, chunks joined
/// @param connection the number of the connection it came on, from 1; equal numbers mean reuse
/// @param at when its last byte was read
/// @param nanos the same moment by `System.nanoTime()`, for measuring
@SuppressWarnings("ArrayRecordComponent")
public record Received(
    String method,
    String target,
    String head,
    Map<String, List<String>> headers,
    byte[] body,
    int connection,
    Instant at,
    long nanos) {

  /// The target without its query.
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /// The first value of a header; the name's case does not matter.
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /// The body read as UTF-8.
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
