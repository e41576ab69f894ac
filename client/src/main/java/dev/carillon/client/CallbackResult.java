package dev.carillon.client;

import dev.carillon.client.json.Trees;
import dev.carillon.client.webhook.InboxEvent;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// How a task ended, from the body of a callback: for a `callback_url` the answer that an inline
/// request would have had, for a registered endpoint the event with that answer in it.
final class CallbackResult {
  private static final Set<String> ENDS =
      Set.of("task.succeeded", "task.failed", "task.cancelled", "task.expired");

  private CallbackResult() {}

  /// Empty when it tells of no end, or is none of ours.
  static Optional<TaskResult> of(InboxEvent event) {
    if (event.type().isPresent() && !ENDS.contains(event.type().get())) {
      return Optional.empty();
    }
    JsonNode body;
    try {
      body = Trees.read(event.body());
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
    return body.path("type").isString() ? ofEvent(body.path("data")) : ofAnswer(body);
  }

  private static Optional<TaskResult> ofEvent(JsonNode data) {
    boolean success = data.path("state").asString("").equals("succeeded");
    return of(data, success, data.path(success ? "result" : "error"), data.at("/error/code"));
  }

  private static Optional<TaskResult> ofAnswer(JsonNode body) {
    boolean open = !body.path("success").isBoolean() || body.path("progress").intValue(100) < 100;
    return open
        ? Optional.empty()
        : of(body, body.path("success").booleanValue(), body, body.at("/error/code"));
  }

  private static Optional<TaskResult> of(
      JsonNode task, boolean success, JsonNode result, JsonNode code) {
    String id = task.path("task_id").asString("");
    if (id.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> error = success ? Optional.empty() : Optional.of(code.asString("unknown"));
    return Optional.of(new TaskResult(id, result, error));
  }
}
