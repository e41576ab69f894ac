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

/// The flat record of digital-human and its like: the result's own fields beside a word `state`
/// (contract section 3.4).
final class FlatRecord implements RecordShape {

  @Override
  public void write(Task task, Service service, JsonGenerator json) {
    ObjectNode record = GenericRecord.JSON.createObjectNode();
    record.put("success", ResultBody.reason(task).isEmpty());
    record.put("task_id", task.id().toString());
    record.put("trace_id", task.order().traceId());
    ResultBody.of(task)
        .ifPresent(result -> record.setAll((ObjectNode) GenericRecord.JSON.readTree(result)));
    record.put("state", word(task.state()));
    record.put("progress", NativeTask.progress(task));
    writeTimes(task, record);
    json.writeTree(record);
  }

  private static String word(TaskState state) {
    return switch (state) {
      case TaskState.Succeeded _ -> "succeed";
      case TaskState.Ended _ -> "failed";
      default -> "processing";
    };
  }

  private static void writeTimes(Task task, ObjectNode record) {
    Optional<Instant> started = Lifecycle.startedAt(task.state());
    record.put("created_at", GenericRecord.seconds(task.order().createdAt()));
    record.putPOJO("started_at", started.map(GenericRecord::seconds).orElse(null));
    if (task.state() instanceof TaskState.Ended ended) {
      Instant from = started.orElse(task.order().createdAt());
      record.put("finished_at", GenericRecord.seconds(ended.at()));
      record.put("elapsed", GenericRecord.seconds(Duration.between(from, ended.at())));
    } else {
      record.putNull("finished_at");
      record.putNull("elapsed");
    }
  }
}
