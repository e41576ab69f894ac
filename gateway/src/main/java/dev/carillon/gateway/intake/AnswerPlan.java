package dev.carillon.gateway.intake;

import dev.carillon.gateway.catalog.Style;
import dev.carillon.gateway.http.Preferences;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How a creating POST is answered: after how long a wait at most, and which preference was
/// honoured (RFC 7240; contract section 2.1).
///
/// @param patience zero means: the task id at once
/// @param headers what is added to the answer: `Preference-Applied` where a preference decided
public record AnswerPlan(Duration patience, Map<String, String> headers) {
  private static final String APPLIED = "Preference-Applied";

  /// Decides. `respond-async, wait=10` waits 10 s and then answers with the id, as RFC 7240 has it
  /// (section 4.3). A preference of the caller wins over `async` and `callback_url`, as only
  /// callers that know of preferences send one; those win over the endpoint's style.
  ///
  /// @param inline how long an inline endpoint waits
  /// @param longest the longest wait a caller may ask for
  static AnswerPlan of(
      Style style, ObjectNode body, Preferences preferences, Duration inline, Duration longest) {
    if (preferences.waitFor().isPresent()) {
      Duration asked = preferences.waitFor().get();
      Duration most = inline.compareTo(longest) > 0 ? inline : longest;
      Duration wait = asked.compareTo(most) < 0 ? asked : most;
      return new AnswerPlan(wait, Map.of(APPLIED, "wait=" + wait.toSeconds()));
    }
    if (preferences.respondAsync()) {
      return new AnswerPlan(Duration.ZERO, Map.of(APPLIED, "respond-async"));
    }
    boolean idAtOnce = style == Style.TASK || isTrue(body.path("async")) || hasCallback(body);
    return new AnswerPlan(idAtOnce ? Duration.ZERO : inline, Map.of());
  }

  /// This plan with other headers.
  AnswerPlan with(Map<String, String> others) {
    return new AnswerPlan(patience, Map.copyOf(others));
  }

  private static boolean isTrue(JsonNode async) {
    return async.isBoolean() ? async.booleanValue() : "true".equalsIgnoreCase(async.asString(""));
  }

  static boolean hasCallback(ObjectNode body) {
    JsonNode url = body.path("callback_url");
    return url.isString() && !url.stringValue().isBlank();
  }
}
