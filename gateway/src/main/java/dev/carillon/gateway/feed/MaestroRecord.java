package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/// The record of maestro, which has a word `status` and a stage (contract section 3.4). Its clients
/// stop at a word they do not know, so only the documented ones are used.
final class MaestroRecord implements RecordShape {
  private static final int PLANNED = 20;

  @Override
  public void write(Task task, Service service, JsonGenerator json) {
    String status = status(task.state());
    Optional<Instant> started = Lifecycle.startedAt(task.state());
    ObjectNode record = GenericRecord.JSON.createObjectNode();
    record.put("id", task.id().toString());
    record.put("trace_id", task.order().traceId());
    record.put("status", status);
    ObjectNode progress = record.putObject("progress");
    progress.put("percent", NativeTask.progress(task));
    progress.put("stage", status);
    progress.put("message", "The task is " + task.state().word() + ".");
    record.put("created_at", GenericRecord.seconds(task.order().createdAt()));
    record.putPOJO("started_at", started.map(GenericRecord::seconds).orElse(null));
    record.putPOJO("finished_at", GenericRecord.finishedAt(task).orElse(null));
    record.putPOJO("elapsed", elapsed(task, started).map(GenericRecord::seconds).orElse(null));
    record.set("request", GenericRecord.JSON.readTree(task.order().request()));
    record.set("response", GenericRecord.JSON.readTree(ResultBody.of(task).orElse("{}")));
    json.writeTree(record);
  }

  private static Optional<Duration> elapsed(Task task, Optional<Instant> started) {
    return task.state() instanceof TaskState.Ended ended
        ? Optional.of(Duration.between(started.orElse(ended.at()), ended.at()))
        : Optional.empty();
  }

  private static String status(TaskState state) {
    return switch (state) {
      case TaskState.Queued _ -> "pending";
      case TaskState.Running(_, int progress) -> progress < PLANNED ? "planning" : "producing";
      case TaskState.Finalizing _, TaskState.Indeterminate _ -> "producing";
      case TaskState.Succeeded _ -> "succeeded";
      case TaskState.Cancelled _ -> "cancelled";
      case TaskState.Failed _, TaskState.Expired _ -> "failed";
    };
  }
}
