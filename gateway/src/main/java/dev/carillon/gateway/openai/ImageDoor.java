package dev.carillon.gateway.openai;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.feed.Waiting;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.openai.MediaModel.Way;
import dev.carillon.gateway.openai.passthrough.RefusedException;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /v1/images/generations` and `/v1/images/edits`: makes pictures and waits for them.
///
/// @param patience how long a request waits; after that it is told its task's id
record ImageDoor(
    Access access, Creation creation, Waiting waiting, Artifacts artifacts, Duration patience) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String USUAL = "gpt-image-1";

  Reply generate(Call call) throws InterruptedException {
    return make(call, false);
  }

  Reply edit(Call call) throws InterruptedException {
    return make(call, true);
  }

  private Reply make(Call call, boolean edits) throws InterruptedException {
    // Who calls is asked before anything is read, and again with the service by intake.
    access.admit(call, Optional.empty(), Kind.QUERY);
    Request request = Request.of(call);
    if (request.sent().path("stream").asBoolean(false)) {
      throw RefusedException.field("stream", "Pictures are not streamed here.");
    }
    if (edits && !request.hasImages()) {
      throw RefusedException.field("image", "Missing required parameter: 'image'.");
    }
    MediaModel model = creation.model(Medium.IMAGES, request, USUAL);
    boolean inline = isInline(model, request);
    Way way = edits ? edit(model) : model.generation();
    Translated translated = creation.translated(call, way, request, Map.of());
    if (Intake.isDryRun(call)) {
      return creation.intake().quote(translated, creation.match(way));
    }
    Intake.Taken taken = creation.take(translated, way);
    try {
      return answer(seen(taken.task()), model, inline, taken.plan().headers());
    } finally {
      taken.answered().run();
    }
  }

  private static Way edit(MediaModel model) {
    return model
        .edit()
        .orElseThrow(
            () -> RefusedException.field("model", model.name() + " cannot change pictures."));
  }

  private static boolean isInline(MediaModel model, Request request) {
    String format = request.text("response_format").orElse(model.inline() ? "b64_json" : "url");
    return switch (format) {
      case "b64_json" -> true;
      case "url" -> false;
      default ->
          throw RefusedException.field(
              "response_format", "'response_format' must be url or b64_json.");
    };
  }

  /// The task after the wait. Whatever cuts the wait short, it was accepted.
  private Task seen(Task task) {
    try {
      return waiting.untilEnded(task, patience);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return task;
    } catch (StoreUnavailableException later) {
      return task;
    }
  }

  private Reply answer(Task task, MediaModel model, boolean inline, Map<String, String> more)
      throws InterruptedException {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put(HeaderNames.TASK_ID, task.id().toString());
    if (!(task.state() instanceof TaskState.Succeeded(_, var at, var answer))) {
      throw unfinished(task);
    }
    ObjectNode tree = JSON.createObjectNode().put("created", at.getEpochSecond());
    ArrayNode data = tree.putArray("data");
    List<String> urls = model.result().in(JSON.readTree(answer.json()));
    for (String url : urls) {
      ObjectNode one = data.addObject();
      if (inline) {
        one.put("b64_json", base64(url, task));
      } else {
        one.put("url", url);
      }
    }
    return Reply.json(200, JSON.writeValueAsString(tree), headers);
  }

  private String base64(String url, Task task) throws InterruptedException {
    try {
      return Base64.getEncoder().encodeToString(artifacts.bytes(url));
    } catch (IOException lost) {
      throw told(
          task,
          new Reason(ErrorCode.UNAVAILABLE, "The picture was made and cannot be read now: " + url));
    }
  }

  private static Problem unfinished(Task task) {
    Reason reason =
        ResultBody.reason(task)
            .orElseGet(() ->
                new Reason(
                    ErrorCode.TIMEOUT,
                    "The pictures are still being made; task " + task.id() + " will have them."));
    return told(task, reason);
  }

  private static Problem told(Task task, Reason reason) {
    return new Problem(reason.code(), reason.message())
        .header(HeaderNames.TASK_ID, task.id().toString());
  }
}
