package dev.carillon.gateway.domain.callback;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.io.JsonStringEncoder;

/// The bytes in which an event travels: to registered endpoints and in the feed they are the same.
///
/// They depend only on what never changes again, the event, the order and the end of the task, so a
/// delivery that is repeated a day later, or read from the feed, has the same bytes as the first.
/// The envelope is that of Standard Webhooks 1.0.0 (`type`, `timestamp`, `data`) with the event's
/// `id`, which is the `webhook-id`, and its `sequence` within the task.
public final class EventBody {
  private EventBody() {}

  /// The body of something in the feed, in UTF-8.
  public static byte[] of(FeedItem item) {
    return switch (item) {
      case FeedItem.OfTask(var event, var task) -> of(event, task);
      case FeedItem.OfEndpoint endpoint -> of(endpoint);
    };
  }

  /// The body of a task's event, in UTF-8.
  ///
  /// @param task for an event that ended it, the ended task; otherwise in any state
  public static byte[] of(Event event, Task task) {
    StringBuilder text = head(event.id(), event.type(), event.at());
    text.append(",\"sequence\":").append(event.sequence()).append(",\"data\":{\"task_id\":\"");
    text.append(task.id()).append("\",\"trace_id\":").append(quoted(task.order().traceId()));
    text.append(",\"service\":").append(quoted(task.order().service()));
    text.append(",\"endpoint\":").append(quoted(task.order().endpoint()));
    text.append(",\"created_at\":\"").append(task.order().createdAt()).append('"');
    if (event.type().endsTask() && task.state() instanceof TaskState.Ended ended) {
      end(text, task, ended);
    } else {
      text.append(",\"state\":\"running\",\"progress\":").append(event.progress());
    }
    text.append(",\"links\":{\"self\":\"/v1/tasks/").append(task.id()).append("\"}}}");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void end(StringBuilder text, Task task, TaskState.Ended ended) {
    text.append(",\"state\":\"").append(ended.word()).append("\",\"finished_at\":\"");
    text.append(ended.at()).append('"');
    if (ended instanceof TaskState.Succeeded(_, _, var answer)) {
      text.append(",\"progress\":100,\"result\":").append(answer.json());
    }
    Optional<Reason> reason = ResultBody.reason(task);
    reason.ifPresent(why -> text.append(",\"error\":").append(ResultBody.error(why)));
  }

  private static byte[] of(FeedItem.OfEndpoint item) {
    StringBuilder text = head(item.id(), item.type(), item.at());
    text.append(",\"data\":{\"endpoint_id\":\"").append(item.endpoint());
    text.append("\",\"standing\":\"").append(item.standing().word()).append("\"}}");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static StringBuilder head(String id, EventType type, Instant at) {
    return new StringBuilder(512)
        .append("{\"id\":\"")
        .append(id)
        .append("\",\"type\":\"")
        .append(type.wire())
        .append("\",\"timestamp\":\"")
        .append(at)
        .append('"');
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }
}
