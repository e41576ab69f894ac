package dev.carillon.gateway.openai;

import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.feed.FeedConfig;
import dev.carillon.gateway.store.VideoQuery;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A task as OpenAI's `video` object. What only OpenAI's request said (model, seconds, size,
/// prompt) is kept with the task under one field of its own, which also tells its videos from other
/// tasks.
record VideoView(FeedConfig.Kept kept) {
  /// The field of the task's request.
  static final String FIELD = VideoQuery.FIELD;

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String USUAL_SIZE = "720x1280";
  private static final int USUAL_SECONDS = 4;

  /// What is kept of a request.
  static ObjectNode kept(Request request, String model) {
    return JSON.createObjectNode()
        .put("model", model)
        .put("seconds", String.valueOf(request.number("seconds", USUAL_SECONDS)))
        .put("size", request.text("size").orElse(USUAL_SIZE));
  }

  /// What was kept; empty for a task that was not made by this API.
  static Optional<JsonNode> asked(Task task) {
    String text = task.order().request();
    if (!text.contains('"' + FIELD + '"')) {
      return Optional.empty();
    }
    JsonNode request = JSON.readTree(text);
    JsonNode asked = request.path(FIELD);
    return asked.isObject() ? Optional.of(request) : Optional.empty();
  }

  ObjectNode of(Task task, JsonNode request) {
    JsonNode asked = request.path(FIELD);
    Optional<Instant> ended =
        task.state() instanceof TaskState.Ended end ? Optional.of(end.at()) : Optional.empty();
    boolean done = task.state() instanceof TaskState.Succeeded;
    ObjectNode video = JSON.createObjectNode();
    video.put("id", task.id().toString()).put("object", "video");
    video.put("created_at", task.order().createdAt().getEpochSecond());
    time(video, "completed_at", done ? ended : Optional.empty());
    time(video, "expires_at", done ? kept.until(task) : Optional.empty());
    error(video, ResultBody.reason(task));
    video.set("model", asked.path("model"));
    video.put("progress", progress(task.state())).put("status", status(task.state()));
    video.set("prompt", request.path("prompt"));
    video.putNull("remixed_from_video_id");
    video.set("seconds", asked.path("seconds"));
    video.set("size", asked.path("size"));
    return video;
  }

  private static void time(ObjectNode video, String name, Optional<Instant> time) {
    time.ifPresentOrElse(at -> video.put(name, at.getEpochSecond()), () -> video.putNull(name));
  }

  private static void error(ObjectNode video, Optional<Reason> reason) {
    reason.ifPresentOrElse(
        why ->
            video.putObject("error").put("code", why.code().wire()).put("message", why.message()),
        () -> video.putNull("error"));
  }

  private static int progress(TaskState state) {
    return switch (state) {
      case TaskState.Running(_, int percent) -> percent;
      case TaskState.Finalizing _ -> 99;
      case TaskState.Succeeded _ -> 100;
      default -> 0;
    };
  }

  private static String status(TaskState state) {
    return switch (state) {
      case TaskState.Queued _ -> "queued";
      case TaskState.Running _, TaskState.Finalizing _, TaskState.Indeterminate _ -> "in_progress";
      case TaskState.Succeeded _ -> "completed";
      case TaskState.Failed _, TaskState.Cancelled _, TaskState.Expired _ -> "failed";
    };
  }
}
