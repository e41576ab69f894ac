package dev.carillon.gateway.domain;

import dev.carillon.api.ErrorCode;
import java.util.Optional;
import tools.jackson.core.io.JsonStringEncoder;

/// The text in which an ended task's result travels: the record's `response`, the callback's body
/// and the inline answer are the same JSON object (contract sections 3.2 and 4).
public final class ResultBody {
  private ResultBody() {}

  /// The result of an ended task; empty while it is open.
  public static Optional<String> of(Task task) {
    return switch (task.state()) {
      case TaskState.Succeeded(_, _, var answer) -> Optional.of(success(task, answer.json()));
      case TaskState.Ended _ -> reason(task).map(reason -> failure(task, reason));
      default -> Optional.empty();
    };
  }

  /// Why an ended task has no result; empty for one that is open or succeeded.
  public static Optional<Reason> reason(Task task) {
    return switch (task.state()) {
      case TaskState.Failed(_, _, var reason) -> Optional.of(reason);
      case TaskState.Expired(_, _, var reason) -> Optional.of(reason);
      case TaskState.Cancelled _ -> Optional.of(Reason.of(ErrorCode.CANCELLED));
      default -> Optional.empty();
    };
  }

  /// `{"success":true,"task_id":…,"trace_id":…}` with the fields of a JSON object after them.
  public static String success(Task task, String fields) {
    StringBuilder text = head(task, true);
    String inner = fields.substring(1, fields.length() - 1);
    if (!inner.isBlank()) {
      text.append(',').append(inner);
    }
    return text.append('}').toString();
  }

  private static String failure(Task task, Reason reason) {
    return head(task, false).append(",\"error\":").append(error(reason)).append('}').toString();
  }

  /// The JSON object `{"code":…,"message":…}` of a reason.
  public static String error(Reason reason) {
    return "{\"code\":%s,\"message\":%s}"
        .formatted(quoted(reason.code().wire()), quoted(reason.message()));
  }

  private static StringBuilder head(Task task, boolean success) {
    return new StringBuilder(160)
        .append("{\"success\":")
        .append(success)
        .append(",\"task_id\":\"")
        .append(task.id())
        .append("\",\"trace_id\":")
        .append(quoted(task.order().traceId()));
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, quoted);
    return quoted.append('"').toString();
  }
}
