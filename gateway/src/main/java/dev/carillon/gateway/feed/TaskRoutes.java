package dev.carillon.gateway.feed;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.catalog.Estimate;
import dev.carillon.gateway.domain.Caller;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.store.Store;
import dev.carillon.gateway.store.TaskStore.TaskQuery;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// The native reading API: `GET /v1/tasks/{id}`, `GET /v1/tasks`, `GET /v1/tasks/{id}/events`. It
/// is strict where the compatible one is lenient: a parameter that cannot be read is a
/// `bad_request`.
public final class TaskRoutes {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int USUAL_LIMIT = 20;
  private static final int MOST_LIMIT = 100;
  private static final int LONGEST_ADVICE_SECONDS = 60;

  private final Access access;
  private final Store store;
  private final Waiting waiting;
  private final Foresight foresight;
  private final NativeTask tasks;
  private final FeedConfig config;

  public TaskRoutes(
      FeedConfig config, Access access, Store store, Waiting waiting, Foresight foresight) {
    this.config = config;
    this.access = access;
    this.store = store;
    this.waiting = waiting;
    this.foresight = foresight;
    this.tasks = new NativeTask(foresight);
  }

  /// One task; with `?wait=30s` once it ended or the wait is over. A finished one has an `ETag`.
  public Reply get(Call call) throws InterruptedException {
    Task task = waiting.untilEnded(owned(call), wait(call));
    return reply(call, task);
  }

  /// The answer that shows a task.
  public Reply reply(Call call, Task task) {
    Map<String, String> headers = headers(task);
    String tag = tag(task);
    headers.put("ETag", tag);
    headers.put("Cache-Control", "private, no-cache");
    if (call.header("If-None-Match").filter(known -> matches(known, tag)).isPresent()) {
      return new Reply.Empty(304, headers);
    }
    return Reply.json(200, tasks.json(task), headers);
  }

  private static boolean matches(String known, String tag) {
    return known.equals("*") || List.of(known.split("\\s*,\\s*")).contains(tag);
  }

  /// Headers of an answer about a task: its ids, and while it is open when to look again.
  public Map<String, String> headers(Task task) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(HeaderNames.TASK_ID, task.id().toString());
    if (!task.state().isFinal()) {
      Estimate left = foresight.left(task);
      long low = seconds(left.low());
      headers.put("Retry-After", String.valueOf(Math.clamp(low, 1, LONGEST_ADVICE_SECONDS)));
      headers.put(HeaderNames.ESTIMATE, low + "-" + seconds(left.high()));
    }
    return headers;
  }

  private static long seconds(Duration duration) {
    return (duration.toMillis() + 999) / 1000;
  }

  private static String tag(Task task) {
    return "\"%s-%s-%d\"".formatted(task.id(), task.state().word(), NativeTask.progress(task));
  }

  /// A page of the caller's tasks, newest first; `next` is the cursor of the following page.
  public Reply list(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.QUERY);
    int limit = limit(call);
    BoundedPage found =
        BoundedPage.read(
            store,
            new TaskQuery(
                caller.application(),
                caller.service().or(() -> call.query("service")),
                call.query("type"),
                open(call),
                time(call, "created_after"),
                time(call, "created_before"),
                cursor(call),
                0,
                limit));
    return Reply.json(200, page(found.tasks(), found.more()), Map.of());
  }

  private String page(List<Task> page, boolean more) {
    var text = new StringWriter(1024 * (page.size() + 1));
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("items");
      page.forEach(task -> tasks.write(task, json));
      json.writeEndArray();
      if (more) {
        json.writeStringProperty("next", page.getLast().id().toString());
      } else {
        json.writeNullProperty("next");
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  /// The task's events as a stream that resumes after `Last-Event-ID`.
  public Reply events(Call call) {
    Task task = owned(call);
    int after =
        call.header("Last-Event-ID")
            .or(() -> call.query("after"))
            .filter(text -> !text.isBlank())
            .map(text -> number("Last-Event-ID", text, 0, Integer.MAX_VALUE))
            .orElse(0);
    EventStream stream = new EventStream(store, waiting, tasks, config.longestStream());
    return new Reply.Stream(
        200,
        "text/event-stream",
        Map.of("Cache-Control", "no-store", HeaderNames.TASK_ID, task.id().toString()),
        sink -> {
          try (Waiting.Place _ = place()) {
            stream.write(task.id(), after, sink);
          }
        });
  }

  private Waiting.Place place() throws IOException {
    return waiting.place().orElseThrow(() -> new IOException("too many requests wait"));
  }

  /// The caller's own task.
  ///
  /// @throws Problem `not_found` for an unknown or foreign one
  private Task owned(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.QUERY);
    return TaskId.parse(call.pathParameter("id").orElse(""))
        .flatMap(store::find)
        .filter(task -> task.order().owner().application().equals(caller.application()))
        .filter(task -> caller.mayUse(task.order().service()))
        .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND));
  }

  private Duration wait(Call call) {
    Optional<String> asked = call.query("wait");
    if (asked.isEmpty()) {
      return Duration.ZERO;
    }
    String text = asked.get();
    int seconds =
        number("wait", text.endsWith("s") ? text.substring(0, text.length() - 1) : text, 0, 86_400);
    Duration wait = Duration.ofSeconds(seconds);
    return wait.compareTo(config.longestWait()) < 0 ? wait : config.longestWait();
  }

  private static int limit(Call call) {
    return call.query("limit")
        .map(text -> number("limit", text, 1, MOST_LIMIT))
        .orElse(USUAL_LIMIT);
  }

  private static Optional<TaskId> cursor(Call call) {
    return call.query("before")
        .map(text ->
            TaskId.parse(text)
                .orElseThrow(
                    () -> new Problem(ErrorCode.BAD_REQUEST, "before must be the id of a task")));
  }

  private static Optional<Boolean> open(Call call) {
    return call.query("state")
        .map(state ->
            switch (state) {
              case "open" -> true;
              case "ended" -> false;
              default -> throw new Problem(ErrorCode.BAD_REQUEST, "state must be open or ended");
            });
  }

  private static Optional<Instant> time(Call call, String name) {
    return call.query(name)
        .map(text -> {
          try {
            return Instant.parse(text);
          } catch (DateTimeParseException wrong) {
            throw new Problem(
                ErrorCode.BAD_REQUEST, name + " must be a time such as 2026-11-23T12:00:00Z");
          }
        });
  }

  private static int number(String name, String text, int min, int max) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException wrong) {
      // told below, as for a number out of range
    }
    throw new Problem(
        ErrorCode.BAD_REQUEST, "%s must be a whole number from %d to %d".formatted(name, min, max));
  }
}
