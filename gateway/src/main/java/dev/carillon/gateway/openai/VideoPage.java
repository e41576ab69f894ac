package dev.carillon.gateway.openai;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Caller;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.openai.passthrough.RefusedException;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.VideoQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A page of videos, read from the store a few at a time. It ends at its limit, or where it holds
/// many bytes: requests may hold pictures, and a page has to fit into memory.
///
/// @param more whether videos follow
record VideoPage(List<Shown> videos, boolean more) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int USUAL_LIMIT = 20;
  private static final int MOST_LIMIT = 100;
  private static final int AT_ONCE = 20;
  private static final long MOST_CHARS = 8L << 20;

  /// A video and the request it was made of.
  record Shown(Task task, JsonNode request) {
    /// Empty for a task that is no video.
    static Optional<Shown> of(Task task) {
      return VideoView.asked(task).map(asked -> new Shown(task, asked));
    }
  }

  /// What a call asks for, in the words of OpenAI's lists: `limit`, `order` and `after`, the id
  /// that the page before ended with.
  ///
  /// @throws RefusedException naming the parameter that cannot be read
  static VideoQuery asked(Call call, Caller caller) {
    String order = call.query("order").orElse("desc");
    if (!order.equals("desc") && !order.equals("asc")) {
      throw RefusedException.field("order", "'order' must be asc or desc.");
    }
    Optional<TaskId> after =
        call.query("after")
            .map(text ->
                TaskId.parse(text)
                    .orElseThrow(() ->
                        RefusedException.field("after", "'after' must be the id of a video.")));
    return new VideoQuery(
        caller.application(), caller.service(), after, order.equals("asc"), limit(call));
  }

  private static int limit(Call call) {
    Optional<String> asked = call.query("limit");
    if (asked.isEmpty()) {
      return USUAL_LIMIT;
    }
    try {
      int limit = Integer.parseInt(asked.get());
      if (limit >= 1 && limit <= MOST_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException wrong) {
      // told below, as for a number out of range
    }
    throw RefusedException.field("limit", "'limit' must be 1 to " + MOST_LIMIT + ".");
  }

  /// Reads it.
  ///
  /// @param seen whether the caller may see a task
  static VideoPage read(TaskStore store, VideoQuery query, Predicate<Task> seen) {
    List<Shown> videos = new ArrayList<>();
    long chars = 0;
    Optional<TaskId> after = query.after();
    while (true) {
      List<Task> some =
          store.videos(
              new VideoQuery(
                  query.application(), query.service(), after, query.oldestFirst(), AT_ONCE));
      for (Task task : some) {
        Optional<Shown> shown = seen.test(task) ? Shown.of(task) : Optional.empty();
        if (shown.isEmpty()) {
          continue;
        }
        if (videos.size() == query.limit() || chars > MOST_CHARS) {
          return new VideoPage(videos, true);
        }
        videos.add(shown.get());
        chars += task.order().request().length();
      }
      if (some.size() < AT_ONCE) {
        return new VideoPage(videos, false);
      }
      after = Optional.of(some.getLast().id());
    }
  }

  ObjectNode json(VideoView view) {
    ObjectNode tree = JSON.createObjectNode().put("object", "list");
    ArrayNode data = tree.putArray("data");
    videos.forEach(shown -> data.add(view.of(shown.task, shown.request)));
    tree.put("first_id", videos.isEmpty() ? null : videos.getFirst().task.id().toString());
    tree.put("last_id", videos.isEmpty() ? null : videos.getLast().task.id().toString());
    return tree.put("has_more", more);
  }
}
