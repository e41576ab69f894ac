package dev.carillon.gateway.http;

import dev.carillon.api.ErrorCode;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The one exception for an answer that is an error. Written as
/// `{"error":{"code","message"},"trace_id"}` by one place (contract section 5.1). It has no stack
/// trace, since it tells the caller about the request and not us about the program.
public final class Problem extends RuntimeException {
  private final ErrorCode code;
  private final transient Map<String, String> headers;

  public Problem(ErrorCode code, String message) {
    this(code, message, Map.of());
  }

  private Problem(ErrorCode code, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.code = code;
    this.headers = headers;
  }

  /// A problem with the code's own message.
  public static Problem of(ErrorCode code) {
    return new Problem(code, code.message());
  }

  public ErrorCode code() {
    return code;
  }

  public String text() {
    return String.valueOf(getMessage());
  }

  /// Headers the answer carries besides the usual ones.
  public Map<String, String> headers() {
    return headers;
  }

  /// The same problem with a `Retry-After` in whole seconds, rounded up, at least 1.
  public Problem retryAfter(Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return header("Retry-After", Long.toString(seconds));
  }

  /// The same problem with one more header.
  public Problem header(String name, String value) {
    var all = new TreeMap<>(headers);
    all.put(name, value);
    return new Problem(code, text(), Collections.unmodifiableMap(all));
  }
}
