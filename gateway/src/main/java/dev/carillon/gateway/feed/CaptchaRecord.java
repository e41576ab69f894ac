package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.node.ObjectNode;

/// The record of captcha: `status` is `processing` or `ready` (contract section 2.24).
final class CaptchaRecord implements RecordShape {

  @Override
  public void write(Task task, Service service, JsonGenerator json) {
    ObjectNode record = GenericRecord.JSON.createObjectNode();
    record.put("success", ResultBody.reason(task).isEmpty());
    record.put("task_id", task.id().toString());
    record.put("trace_id", task.order().traceId());
    ResultBody.of(task)
        .ifPresent(result -> record.setAll((ObjectNode) GenericRecord.JSON.readTree(result)));
    record.put("status", task.state().isFinal() ? "ready" : "processing");
    json.writeTree(record);
  }
}
