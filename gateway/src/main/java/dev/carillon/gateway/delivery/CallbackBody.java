package dev.carillon.gateway.delivery;

import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState.Succeeded;
import java.nio.charset.StandardCharsets;

/// The bytes of a callback (contract section 4). They depend on the task, and on the event of a
/// step, alone, so they are the same on every attempt.
public final class CallbackBody {
  private CallbackBody() {}

  /// The body that tells of a step, as a line of the progress stream has it.
  public static byte[] ofStep(Task task, int progress) {
    return ResultBody.success(task, "{\"progress\":" + progress + ",\"actions\":[]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// The body for an ended task, in UTF-8.
  ///
  /// @param nested puts the result under `data` instead of beside `task_id`, as OpenAI images do
  /// @throws IllegalArgumentException when the task has not ended
  public static byte[] of(Task task, boolean nested) {
    String text =
        nested && task.state() instanceof Succeeded(_, _, var answer)
            ? ResultBody.success(task, "{\"data\":" + answer.json() + "}")
            : ResultBody.of(task)
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "a task that is " + task.state().word() + " has no body"));
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
