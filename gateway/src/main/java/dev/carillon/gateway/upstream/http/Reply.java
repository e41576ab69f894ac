package dev.carillon.gateway.upstream.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
  record Answered(int status, Map<String, String> headers, ByteString body) implements Reply {
    boolean ok() {
      return status >= 200 && status < 300;
    }

    /// The body as expressions see it: the JSON value; a text that is none; or, for bytes, an
    /// object with `bytes` in base64 and `type`.
    Object data() {
      String type = type();
      boolean text = type.isEmpty() || type.contains("json") || type.startsWith("text/");
      if (!text && body.size() > 0) {
        return Map.of(
            "bytes", Base64.getEncoder().encodeToString(body.toByteArray()), "type", type);
      }
      String words = body.string(StandardCharsets.UTF_8);
      try {
        Object value = words.isBlank() ? null : Json.MAPPER.readValue(words, Object.class);
        return value == null ? Map.of() : value;
      } catch (JacksonException noJson) {
        return words;
      }
    }

    private String type() {
      String sent = headers.getOrDefault("content-type", "");
      int end = sent.indexOf(';');
      return (end < 0 ? sent : sent.substring(0, end)).strip().toLowerCase(Locale.ROOT);
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
