package dev.carillon.gateway.http;

import java.time.Duration;

/// Formats server-sent events (WHATWG HTML, section 9.2). Line breaks in ids and names are taken
/// out and those in data become further `data` lines, so no text can forge an event.
public final class Sse {
  public static final String CONTENT_TYPE = "text/event-stream";

  private Sse() {}

  /// One event; empty texts are left out, data is always there.
  ///
  /// @param id what a client sends back as `Last-Event-ID`
  /// @param event the event's name
  public static String event(String id, String event, String data) {
    var text = new StringBuilder(data.length() + 64);
    field(text, "id", id);
    field(text, "event", event);
    lines(text, "data: ", data);
    return text.append('\n').toString();
  }

  /// A comment: nothing to the client's program, but it keeps the connection open.
  public static String comment(String note) {
    var text = new StringBuilder();
    lines(text, ": ", note);
    return text.append('\n').toString();
  }

  /// Tells the client how long to wait before it connects again.
  public static String retry(Duration wait) {
    return "retry: " + wait.toMillis() + "\n\n";
  }

  /// A stream of events with the headers that keep proxies from holding it back. An empty comment
  /// goes first, so that the client sees the answer's head at once.
  public static Reply stream(StreamSink.Body body) {
    StreamSink.Body opened =
        sink -> {
          sink.send(comment(""));
          body.write(sink);
        };
    return Reply.stream(CONTENT_TYPE, opened)
        .withHeader("Cache-Control", "no-store")
        .withHeader("X-Accel-Buffering", "no");
  }

  private static void field(StringBuilder text, String name, String value) {
    if (!value.isEmpty()) {
      text.append(name).append(": ");
      value
          .chars()
          .filter(c -> c != '\n' && c != '\r' && c != 0)
          .forEach(c -> text.append((char) c));
      text.append('\n');
    }
  }

  private static void lines(StringBuilder text, String prefix, String value) {
    value.lines().forEach(line -> text.append(prefix).append(line).append('\n'));
    if (value.isEmpty()) {
      text.append(prefix.stripTrailing()).append('\n');
    }
  }
}
