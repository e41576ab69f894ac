package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.time.Instant;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The record of minimax: everything inside `task` (contract section 3.4).
final class MinimaxRecord implements RecordShape {
  private static final List<String> ECHOED = List.of("model", "resolution", "duration", "ratio");

  @Override
  public void write(Task task, Service service, JsonGenerator json) {
    ObjectNode root = GenericRecord.JSON.createObjectNode();
    ObjectNode record = root.putObject("task");
    JsonNode request = GenericRecord.JSON.readTree(task.order().request());
    record.put("id", task.id().toString());
    record.put("status", status(task.state()));
    for (String field : ECHOED) {
      if (request.has(field)) {
        record.set(field, request.get(field));
      }
    }
    if (task.state() instanceof TaskState.Succeeded(_, _, var answer)) {
      record.setAll((ObjectNode) GenericRecord.JSON.readTree(answer.json()));
    }
    ResultBody.reason(task)
        .ifPresent(
            reason -> record.set("error", GenericRecord.JSON.readTree(ResultBody.error(reason))));
    Instant updated =
        task.state() instanceof TaskState.Ended ended ? ended.at() : task.order().createdAt();
    record.put("created_at", task.order().createdAt().getEpochSecond());
    record.put("updated_at", updated.getEpochSecond());
    record.put("task_type", "generation");
    record.put("modality", "video");
    json.writeTree(root);
  }

  private static String status(TaskState state) {
    return switch (state) {
      case TaskState.Queued _ -> "queued";
      case TaskState.Running _, TaskState.Finalizing _, TaskState.Indeterminate _ -> "running";
      case TaskState.Succeeded _ -> "succeeded";
      case TaskState.Cancelled _ -> "cancelled";
      case TaskState.Failed _, TaskState.Expired _ -> "failed";
    };
  }
}
