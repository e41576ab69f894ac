package dev.carillon.client;

import dev.carillon.client.json.Trees;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// A whole answer.
@SuppressWarnings("ArrayRecordComponent")
record Reply(int status, HttpHeaders headers, byte[] body) {
  /// Nobody is made to wait longer than this by one answer.
  private static final long LONGEST_RETRY_AFTER_SECONDS = 86_400;

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /// This, if it is a success.
  ///
  /// @throws ServiceException otherwise
  Reply orThrow() {
    if (!isSuccess()) {
      throw ServiceError.of(this).exception();
    }
    return this;
  }

  /// @throws AnswerException when it is no JSON
  JsonNode json() {
    JsonNode json = jsonOrMissing();
    if (json.isMissingNode()) {
      throw new AnswerException("status " + status + " without JSON: " + beginning());
    }
    return json;
  }

  JsonNode jsonOrMissing() {
    try {
      return Trees.read(body);
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  /// `Retry-After` in seconds; the form with a date is not used by the gateway.
  Optional<Duration> retryAfter() {
    return headers
        .firstValue("retry-after")
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(text -> Math.min(Long.parseLong(text), LONGEST_RETRY_AFTER_SECONDS))
        .map(Duration::ofSeconds);
  }

  private String beginning() {
    String text = new String(body, 0, Math.min(body.length, 100), StandardCharsets.UTF_8);
    return body.length > 100 ? text + "…" : text;
  }
}
