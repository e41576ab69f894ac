package dev.carillon.gateway.feed;

import dev.carillon.gateway.catalog.Estimate;
import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Charge;
import dev.carillon.gateway.domain.Lifecycle;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// A task as the native API shows it: with its state, progress, charge and links.
final class NativeTask {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Foresight foresight;

  private final FeedConfig.Kept kept;

  NativeTask(Foresight foresight, FeedConfig.Kept kept) {
    this.foresight = foresight;
    this.kept = kept;
  }

  String json(Task task) {
    var text = new StringWriter(1024);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(task, json);
    }
    return text.toString();
  }

  void write(Task task, JsonGenerator json) {
    Order order = task.order();
    json.writeStartObject();
    json.writeStringProperty("id", task.id().toString());
    json.writeStringProperty("state", task.state().word());
    json.writeNumberProperty("progress", progress(task));
    json.writeStringProperty("service", order.service());
    json.writeStringProperty("endpoint", order.endpoint());
    json.writeStringProperty("type", order.type());
    json.writeStringProperty("trace_id", order.traceId());
    order
        .terms()
        .key()
        .filter(key -> !key.isDerived())
        .ifPresent(key -> json.writeStringProperty("idempotency_key", key.value()));
    writeTimes(task, json);
    if (!task.state().isFinal()) {
      writeEstimate(foresight.left(task), json);
    }
    json.writeName("request").writeRawValue(order.request());
    writeResult(task, json);
    writeCancellation(task, json);
    writeCharge(task, json);
    writeLinks(task, json);
    json.writeEndObject();
  }

  /// Whole percent; 100 once succeeded, else how far it was when it ended.
  static int progress(Task task) {
    return switch (task.state()) {
      case TaskState.Running(_, int progress) -> progress;
      case TaskState.Finalizing _ -> 99;
      case TaskState.Succeeded _ -> 100;
      case TaskState.Failed _, TaskState.Cancelled _, TaskState.Expired _ -> task.reached();
      case TaskState.Queued _, TaskState.Indeterminate _ -> 0;
    };
  }

  private void writeTimes(Task task, JsonGenerator json) {
    writeTime("created_at", Optional.of(task.order().createdAt()), json);
    writeTime("started_at", Lifecycle.startedAt(task.state()), json);
    Optional<Instant> end =
        task.state() instanceof TaskState.Ended ended ? Optional.of(ended.at()) : Optional.empty();
    writeTime("finished_at", end, json);
    writeTime("start_by", task.order().terms().startBy(), json);
    writeTime("finish_by", Optional.of(task.order().finishBy()), json);
    writeTime("kept_until", kept.until(task), json);
  }

  private static void writeTime(String name, Optional<Instant> at, JsonGenerator json) {
    if (at.isPresent()) {
      json.writeStringProperty(name, at.get().toString());
    } else {
      json.writeNullProperty(name);
    }
  }

  private static void writeEstimate(Estimate estimate, JsonGenerator json) {
    json.writeObjectPropertyStart("estimate");
    json.writeNumberProperty("low_seconds", estimate.low().toMillis() / 1000.0);
    json.writeNumberProperty("high_seconds", estimate.high().toMillis() / 1000.0);
    json.writeEndObject();
  }

  private static void writeResult(Task task, JsonGenerator json) {
    if (task.state() instanceof TaskState.Succeeded(_, _, var answer)) {
      json.writeName("result").writeRawValue(answer.json());
    } else {
      json.writeNullProperty("result");
    }
    Optional<Reason> reason = ResultBody.reason(task);
    if (reason.isPresent()) {
      json.writeName("error").writeRawValue(ResultBody.error(reason.get()));
    } else {
      json.writeNullProperty("error");
    }
  }

  /// What became of the wish to cancel; null where nobody had it.
  static Optional<CancelAnswer> cancellation(Task task) {
    return task.state() instanceof TaskState.Cancelled
        ? Optional.of(CancelAnswer.CONFIRMED)
        : task.cancellation();
  }

  private static void writeCancellation(Task task, JsonGenerator json) {
    Optional<CancelAnswer> answer = cancellation(task);
    if (answer.isPresent()) {
      json.writeStringProperty("cancellation", answer.get().word());
    } else {
      json.writeNullProperty("cancellation");
    }
  }

  /// While the task is open, `on_success` says what is still to be charged if it succeeds.
  private static void writeCharge(Task task, JsonGenerator json) {
    Charge charge = Charge.of(task);
    json.writeObjectPropertyStart("charge");
    json.writeStringProperty("held", charge.held().toString());
    json.writeStringProperty("charged", charge.charged().toString());
    json.writeStringProperty("released", charge.released().toString());
    json.writeStringProperty("currency", Charge.CURRENCY);
    json.writeStringProperty("reason", charge.why().word());
    if (!task.state().isFinal()) {
      json.writeStringProperty("on_success", charge.held().toString());
    }
    json.writeEndObject();
  }

  private static void writeLinks(Task task, JsonGenerator json) {
    String self = "/v1/tasks/" + task.id();
    json.writeObjectPropertyStart("links");
    json.writeStringProperty("self", self);
    json.writeStringProperty("events", self + "/events");
    if (!task.state().isFinal()) {
      json.writeStringProperty("cancel", self + "/cancel");
    }
    json.writeEndObject();
  }
}
