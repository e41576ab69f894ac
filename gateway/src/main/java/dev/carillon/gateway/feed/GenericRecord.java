package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Mirror;
import dev.carillon.gateway.catalog.Service;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The record of most services (contract sections 3.2 and 3.5). While the task is open, `response`
/// is an empty object and `finished_at` is absent: any other choice makes some client stop too
/// early (contract section 0, rule 1).
final class GenericRecord implements RecordShape {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final List<String> FLAT = List.of("success", "image_url", "video_urls");

  private final boolean mirror;

  /// @param mirror adds `state` and `data` to finished records
  GenericRecord(boolean mirror) {
    this.mirror = mirror;
  }

  @Override
  public void write(Task task, Service service, JsonGenerator json) {
    Order order = task.order();
    Instant started = Lifecycle.startedAt(task.state()).orElse(order.createdAt());
    json.writeStartObject();
    json.writeStringProperty("id", task.id().toString());
    json.writeStringProperty("api_id", apiId(order.endpoint()));
    json.writeStringProperty("application_id", order.owner().application().toString());
    json.writeStringProperty("credential_id", order.owner().credential().toString());
    json.writeStringProperty("user_id", order.owner().account().toString());
    json.writeStringProperty("trace_id", order.traceId());
    json.writeStringProperty("type", order.type());
    json.writeNumberProperty("created_at", seconds(order.createdAt()));
    json.writeNumberProperty("started_at", seconds(started));
    json.writeName("request").writeRawValue(order.request());
    if (task.state() instanceof TaskState.Ended ended) {
      json.writeNumberProperty("finished_at", seconds(ended.at()));
      json.writeNumberProperty("elapsed", seconds(Duration.between(started, ended.at())));
      writeEnded(task, service, ended, json);
    } else {
      json.writeObjectPropertyStart("response");
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private void writeEnded(Task task, Service service, TaskState.Ended ended, JsonGenerator json) {
    ObjectNode response = (ObjectNode) JSON.readTree(ResultBody.of(task).orElseThrow());
    if (mirror) {
      mirrorFailure(service.mirror(), ended, response);
    }
    json.writePOJOProperty("response", response);
    if (mirror) {
      writeMirror(task, service.mirror(), ended, response, json);
    }
  }

  private static void writeMirror(
      Task task, Mirror quirks, TaskState.Ended ended, ObjectNode response, JsonGenerator json) {
    boolean success = ended instanceof TaskState.Succeeded;
    ObjectNode artifact = success ? firstArtifact(response) : JSON.createObjectNode();
    artifact.put("id", task.id().toString());
    artifact.put("finished_at", seconds(ended.at()));
    artifact.put("state", success ? "succeeded" : "failed");
    artifact.put("status", success ? "completed" : "failed");
    if (!success) {
      artifact.set("error", response.path("error"));
    }
    json.writeStringProperty("state", success ? "succeeded" : "failed");
    json.writeName("data").writeStartArray();
    json.writeTree(artifact);
    json.writeEndArray();
    if (success && quirks.content()) {
      json.writeObjectPropertyStart("content");
      json.writeStringProperty("url", artifact.path("video_url").asString(""));
      json.writeEndObject();
    }
    if (quirks.flat()) {
      writeFlat(response, json);
    }
    if (!success && quirks.error()) {
      json.writeName("error");
      json.writeTree(response.path("error"));
    }
  }

  /// The midjourney command line looks nowhere else. Only finished records have these, so nobody
  /// takes a pending one for done.
  private static void writeFlat(ObjectNode response, JsonGenerator json) {
    for (String field : FLAT) {
      if (response.has(field)) {
        json.writeName(field);
        json.writeTree(response.path(field));
      }
    }
  }

  /// Some command lines look for the word of failure inside the response.
  private static void mirrorFailure(Mirror quirks, TaskState.Ended ended, ObjectNode response) {
    if (quirks.failedData() && !(ended instanceof TaskState.Succeeded)) {
      response.putObject("data").put("status", "failed");
    }
  }

  /// The first object of the answer's `data`, or the answer itself where it is flat.
  private static ObjectNode firstArtifact(ObjectNode response) {
    JsonNode data = response.path("data");
    JsonNode first = data.isArray() ? data.path(0) : data;
    ObjectNode artifact = first.isObject() ? ((ObjectNode) first).deepCopy() : response.deepCopy();
    artifact.remove("success");
    return artifact;
  }

  /// One text for one record, for callers that do not stream.
  String json(Task task, Service service) {
    var text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(task, service, json);
    }
    return text.toString();
  }

  /// The id of an endpoint on the wire: the same on every gateway.
  static String apiId(String path) {
    return UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)).toString();
  }

  static BigDecimal seconds(Instant at) {
    return BigDecimal.valueOf(at.toEpochMilli(), 3);
  }

  static BigDecimal seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).setScale(3, RoundingMode.UNNECESSARY);
  }

  static Optional<BigDecimal> finishedAt(Task task) {
    return task.state() instanceof TaskState.Ended ended
        ? Optional.of(seconds(ended.at()))
        : Optional.empty();
  }
}
