package dev.carillon.gateway.openai;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.intake.Intake;
import dev.carillon.gateway.intake.Retention;
import dev.carillon.gateway.openai.MediaModel.AnswerPath;
import dev.carillon.gateway.openai.MediaModel.Way;
import dev.carillon.gateway.openai.VideoPage.Shown;
import dev.carillon.gateway.openai.passthrough.RefusedException;
import dev.carillon.gateway.store.TaskStore;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `/v1/videos`: makes videos, shows, lists, gives and deletes them.
final class VideoDoor {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String USUAL = "sora-2";

  private final Access access;
  private final Creation creation;
  private final TaskStore tasks;
  private final Retention retention;
  private final Artifacts artifacts;
  private final VideoView view;

  VideoDoor(Parts parts) {
    this.access = parts.access;
    this.creation = parts.creation;
    this.tasks = parts.tasks;
    this.retention = parts.retention;
    this.artifacts = parts.artifacts;
    this.view = parts.view;
  }

  /// What it stands on.
  record Parts(
      Access access,
      Creation creation,
      TaskStore tasks,
      Retention retention,
      Artifacts artifacts,
      VideoView view) {}

  Reply create(Call call) {
    // Who calls is asked before anything is read, and again with the service by intake.
    access.admit(call, Optional.empty(), Kind.QUERY);
    Request request = Request.of(call);
    MediaModel model = creation.model(Medium.VIDEOS, request, USUAL);
    Way way = request.hasImages() ? model.edit().orElse(model.generation()) : model.generation();
    ObjectNode kept = VideoView.kept(request, model.name());
    Translated translated = creation.translated(call, way, request, Map.of(VideoView.FIELD, kept));
    if (Intake.isDryRun(call)) {
      return creation.intake().quote(translated, creation.match(way));
    }
    Intake.Taken taken = creation.take(translated, way);
    taken.answered().run();
    Task task = taken.task();
    JsonNode asked = VideoView.asked(task).orElse(translated.request());
    Reply reply = Reply.json(200, JSON.writeValueAsString(view.of(task, asked)));
    for (var header : taken.plan().headers().entrySet()) {
      reply = reply.withHeader(header.getKey(), header.getValue());
    }
    return reply.withHeader(HeaderNames.TASK_ID, task.id().toString());
  }

  Reply get(Call call) {
    Shown shown = owned(call);
    return Reply.json(200, JSON.writeValueAsString(view.of(shown.task(), shown.request())));
  }

  /// A page of them, the newest first, or the oldest where the call asks so.
  Reply list(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.QUERY);
    VideoPage page =
        VideoPage.read(
            tasks,
            VideoPage.asked(call, caller),
            task -> caller.mayUse(task.order().service()) && view.kept().stillKeeps(task));
    return Reply.json(200, JSON.writeValueAsString(page.json(view)));
  }

  /// The file, its thumbnail, or a part of it.
  Reply content(Call call) throws InterruptedException {
    Shown shown = owned(call);
    if (!(shown.task().state() instanceof TaskState.Succeeded(_, _, var answer))) {
      throw RefusedException.field("video_id", "The video is not completed.");
    }
    String name = shown.request().path(VideoView.FIELD).path("model").asString("");
    MediaModel model =
        creation.models().find(Medium.VIDEOS, name).orElseThrow(() -> RefusedException.model(name));
    String variant = call.query("variant").orElse("video");
    Optional<AnswerPath> path =
        switch (variant) {
          case "video" -> Optional.of(model.result());
          case "thumbnail" -> model.thumbnail();
          default -> Optional.empty();
        };
    String url =
        path.stream()
            .flatMap(where -> where.in(JSON.readTree(answer.json())).stream())
            .findFirst()
            .orElseThrow(() ->
                RefusedException.field(
                    "variant", "There is no " + cut(variant) + " of this video."));
    return artifacts.content(call, url);
  }

  private static String cut(String word) {
    return word.length() > 40 ? word.substring(0, 40) + "…" : word;
  }

  Reply delete(Call call) {
    TaskId id = retention.delete(call);
    return Reply.json(200, "{\"id\":\"" + id + "\",\"object\":\"video.deleted\",\"deleted\":true}");
  }

  private Shown owned(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.QUERY);
    return TaskId.parse(call.pathParameter("id").orElse(""))
        .flatMap(tasks::find)
        .filter(task -> task.order().owner().application().equals(caller.application()))
        .filter(task -> caller.mayUse(task.order().service()))
        .filter(view.kept()::stillKeeps)
        .flatMap(Shown::of)
        .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "There is no such video."));
  }
}
