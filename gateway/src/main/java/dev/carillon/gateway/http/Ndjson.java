package dev.carillon.gateway.http;

/// Newline-delimited JSON: one value a line, flushed line by line.
public final class Ndjson {
  public static final String CONTENT_TYPE = "application/x-ndjson";

  private Ndjson() {}

  /// A JSON text as one line.
  ///
  /// @param json compact JSON; a line break between its tokens is taken out
  public static String line(String json) {
    return json.replace("\n", "").replace("\r", "") + "\n";
  }

  /// A stream of lines with the headers that keep proxies from holding it back.
  public static Reply stream(StreamSink.Body body) {
    return Reply.stream(CONTENT_TYPE, body)
        .withHeader("Cache-Control", "no-store")
        .withHeader("X-Accel-Buffering", "no");
  }
}
