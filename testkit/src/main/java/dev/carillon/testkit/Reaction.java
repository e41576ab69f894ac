package dev.carillon.testkit;

import java.time.Duration;
import java.util.Map;

/// What a [Receiver] does after it read a request. Durations are real time.
public sealed interface Reaction {

  /// A plain answer; the connection stays open.
  ///
  /// @param headers beyond `Content-Length`, which is always sent
  record Answer(int status, Map<String, String> headers, String body) implements Reaction {}

  /// Something else, later.
  record After(Duration delay, Reaction then) implements Reaction {}

  /// Says nothing until the other side hangs up.
  record Hang() implements Reaction {}

  /// A status line, then one more header byte after each pause, without end.
  record DripHead(Duration pause) implements Reaction {}

  /// A complete head with status 200, then one byte of a long body after each pause, without end.
  record DripBody(Duration pause) implements Reaction {}

  /// Status 200 with half of the announced body, then the end of the connection.
  record HalfAnswer() implements Reaction {}

  /// Ends the connection in order, without a byte of answer.
  record Close() implements Reaction {}

  /// Ends the connection with a TCP reset, without a byte of answer.
  record Reset() implements Reaction {}

  /// Status 200 and a body of this many bytes.
  record Huge(int status, long bytes) implements Reaction {}

  /// Status 200 and chunks without end.
  record EndlessChunks() implements Reaction {}

  /// Header lines without end.
  record EndlessHead() implements Reaction {}

  /// Informational answers (103) without end, and never a final one.
  record EndlessInterim() implements Reaction {}

  /// Status 200 and a gzip body without end, a thousandth of what it unpacks to.
  record GzipBomb() implements Reaction {}

  /// These bytes as they are, ISO 8859-1, then the end of the connection.
  record Raw(String bytes) implements Reaction {}

  /// An empty answer with this status.
  static Reaction status(int status) {
    return new Answer(status, Map.of(), "");
  }

  /// An empty answer with this status and one header, such as 429 with `Retry-After`.
  static Reaction status(int status, String header, String value) {
    return new Answer(status, Map.of(header, value), "");
  }

  /// A redirect.
  static Reaction redirect(int status, String location) {
    return status(status, "Location", location);
  }

  /// Bytes that are no HTTP.
  static Reaction garbage() {
    return new Raw("\u0016\u0003\u0001 this is no HTTP at all\r\n\r\n");
  }
}
