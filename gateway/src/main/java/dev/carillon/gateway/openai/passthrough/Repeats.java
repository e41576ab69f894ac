package dev.carillon.gateway.openai.passthrough;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.domain.Answer;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.feed.Waiting;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Answers a call that was made before under the same idempotency key: with what the first was
/// answered, which is waited for while it is under way. Nobody is asked again and nothing is
/// charged.
///
/// @param patience how long the first one is waited for
public record Repeats(Waiting waiting, Duration patience) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Longer answers are not kept.
  private static final int MOST_KEPT = 256 * 1024;

  /// The field of a task's answer that holds the text of the call's.
  private static final String ANSWER = "answer";

  /// Adds the answer of a call to what is kept of it, where the caller named the call and the
  /// answer is short.
  static void keep(ObjectNode kept, Task task, byte[] answer) {
    if (task.order().terms().key().isPresent() && answer.length <= MOST_KEPT) {
      kept.put(ANSWER, new String(answer, StandardCharsets.UTF_8));
    }
  }

  /// The first one's answer.
  ///
  /// @throws Problem what the first one failed with; or `conflict`, which says why there is no
  ///   answer to give
  Reply answer(Task first) throws InterruptedException {
    Task seen = waiting.untilEnded(first, patience);
    if (seen.state() instanceof TaskState.Succeeded(_, _, Answer answer)) {
      String text = JSON.readTree(answer.json()).path(ANSWER).asString("");
      if (text.isEmpty()) {
        throw new Problem(ErrorCode.CONFLICT, whyNot(seen));
      }
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put(HeaderNames.TASK_ID, seen.id().toString());
      headers.put(HeaderNames.IDEMPOTENCY_REPLAYED, "true");
      headers.put(HeaderNames.CHARGE, answer.costOf(seen.order().price()).toString());
      return Reply.json(200, text, headers);
    }
    throw ResultBody.reason(seen)
        .map(reason -> new Problem(reason.code(), reason.message()))
        .orElseGet(Repeats::underWay)
        .header(HeaderNames.TASK_ID, seen.id().toString());
  }

  private static Problem underWay() {
    return new Problem(
        ErrorCode.CONFLICT,
        "The first call with this idempotency key is still under way; ask again later.");
  }

  private static String whyNot(Task first) {
    JsonNode request = JSON.readTree(first.order().request());
    Optional<String> streamed =
        request.path("stream").asBoolean(false) ? Optional.of("streams are") : Optional.empty();
    String why =
        streamed.orElse(
            first.order().endpoint().endsWith("/speech")
                ? "speech is"
                : "answers above " + MOST_KEPT / 1024 + " KiB are");
    return "A call with this idempotency key was made before and is not made twice; its answer is"
        + " not kept, as "
        + why
        + " not.";
  }
}
