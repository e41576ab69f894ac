package dev.carillon.gateway.upstream.http;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import okio.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What came of one call.
sealed interface Reply {

  /// An answer, whole.
  ///
  /// @param headers by name in lower case
  /// @param body with marks of [Spool] in place of long texts; empty where `spooled` stands for all
  /// @param read what `body` was read as before; it is empty then
  record Answered(
      int status,
      Map<String, String> headers,
      ByteString body,
      Optional<String> spooled,
      Optional<Object> read)
      implements Reply {
    Answered(int status, Map<String, String> headers, ByteString body, Optional<String> spooled) {
      this(status, headers, body, spooled, Optional.empty());
    }

    Answered(int status, Map<String, String> headers, ByteString body) {
      this(status, headers, body, Optional.empty());
    }

    /// What an answer says of one of many, as if it had been asked for alone.
    static Answered part(Answered whole, Object item) {
      Map<String, String> headers = Map.of("content-type", "application/json");
      return new Answered(
          whole.status(), headers, ByteString.EMPTY, Optional.empty(), Optional.of(item));
    }

    boolean ok() {
      return status >= 200 && status < 300;
    }

    /// The body as expressions see it: the JSON value; a text that is none, which nothing at all
    /// is, too; or, for bytes, an object with `bytes`, in base64 or as a mark, and `type`.
    Object data() {
      if (read.isPresent()) {
        return read.get();
      }
      String type = type(headers);
      if (spooled.isPresent()) {
        return Map.of("bytes", spooled.get(), "type", type);
      }
      if (!isText(type) && body.size() > 0) {
        return Map.of("bytes", body.base64(), "type", type);
      }
      String words = body.string(StandardCharsets.UTF_8);
      try {
        Object value = words.isBlank() ? null : Json.MAPPER.readValue(words, Object.class);
        return value == null ? "" : value;
      } catch (JacksonException noJson) {
        return words;
      }
    }

    /// The media type of these headers, without parameters.
    static String type(Map<String, String> headers) {
      String sent = headers.getOrDefault("content-type", "");
      int end = sent.indexOf(';');
      return (end < 0 ? sent : sent.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /// Whether a body of this type is read as JSON or text.
    static boolean isText(String type) {
      return type.isEmpty() || type.contains("json") || type.startsWith("text/");
    }

    /// How long the provider wishes to be left alone, in seconds.
    Optional<Long> retryAfter() {
      return Optional.ofNullable(headers.get("retry-after"))
          .map(String::strip)
          .filter(text -> text.matches("\\d{1,6}"))
          .map(Long::valueOf);
    }

    /// What expressions can speak of beside the job: `answer`, `status`, `headers`.
    Map<String, Object> input() {
      Map<String, Object> input = new HashMap<>();
      input.put("answer", data());
      input.put("status", status);
      input.put("headers", headers);
      return input;
    }
  }

  /// It surely was not sent.
  record NotSent(String reason) implements Reply {}

  /// It was sent, or may have been, and no whole answer came.
  record Lost(String reason) implements Reply {}

  /// It was answered, and the answer is more than may be taken: asking again would change nothing.
  record TooLarge(String reason) implements Reply {}

  /// Sends requests.
  @FunctionalInterface
  interface Sender {
    /// Sends one and waits for its whole answer.
    ///
    /// @throws InterruptedException when the thread was interrupted meanwhile; the request may have
    ///   been sent
    Reply send(Wire.Ask ask) throws InterruptedException;
  }

  /// Made on first use.
  final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}
  }
}
