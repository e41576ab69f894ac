package dev.carillon.gateway.feed;

import dev.carillon.api.ErrorCode;
import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.access.Access;
import dev.carillon.gateway.access.Kind;
import dev.carillon.gateway.catalog.Estimate;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.Caller;
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
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// The native reading API: `GET /v1/tasks/{id}`, `GET /v1/tasks`, `GET /v1/tasks/{id}/events`. It
/// is strict where the compatible one is lenient: a parameter that cannot be read is a
/// `bad_request`.
public final class TaskRoutes {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String[] FILTERS = {
    "before",
    "limit",
    "service",
    "type",
    "state",
    "created_after",
    "created_before",
    "idempotency_key"
  };
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
    this.tasks = new NativeTask(foresight, config.kept());
  }

  /// One task; with `?wait=30s` once it ended or the wait is over. A finished one has an `ETag`.
  public Reply get(Call call) throws InterruptedException {
    Task found = owned(call);
    Queries.only(call, "wait");
    Task task = waiting.untilEnded(found, wait(call));
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
    return known.equals("*")
        || Stream.of(known.split("\\s*,\\s*")).map(TaskRoutes::strong).anyMatch(tag::equals);
  }

  /// A proxy that compresses an answer weakens its tag; for `If-None-Match` both are the same.
  private static String strong(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
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
    String noted =
        task.cancellation().map(answer -> "-" + answer.word()).orElse("")
            + task.order().terms().keepFor().map(span -> "-" + span.toMillis()).orElse("");
    return "\"%s-%s-%d%s\""
        .formatted(task.id(), task.state().word(), NativeTask.progress(task), noted);
  }

  /// A page of the caller's tasks, newest first; `next` is the cursor of the following page.
  public Reply list(Call call) {
    Caller caller = access.admit(call, Optional.empty(), Kind.QUERY);
    Queries.only(call, FILTERS);
    Optional<String> key = call.query("idempotency_key");
    if (key.isPresent()) {
      return ofKey(caller, key.get());
    }
    int limit = limit(call);
    BoundedPage found =
        BoundedPage.read(
            store.tasks(),
            new TaskQuery(
                caller.application(),
                service(caller, call),
                call.query("type"),
                open(call),
                time(call, "created_after"),
                time(call, "created_before"),
                cursor(call),
                0,
                limit));
    return Reply.json(200, page(found.tasks(), found.more()), Map.of());
  }

  /// The task that a lost request with this key became: a page of one or none.
  private Reply ofKey(Caller caller, String key) {
    IdempotencyKey wanted =
        IdempotencyKey.parse(key)
            .orElseThrow(() ->
                new Problem(
                    ErrorCode.BAD_REQUEST,
                    "idempotency_key must have 1 to 255 visible characters"));
    List<Task> found =
        store
            .tasks()
            .findByKey(caller.application(), wanted)
            .filter(task -> isOwn(caller, task))
            .filter(config.kept()::stillKeeps)
            .stream()
            .toList();
    return Reply.json(200, page(found, false), Map.of());
  }

  /// The answer to a deleted task.
  public Reply deleted(TaskId id) {
    return Reply.json(200, "{\"id\":\"" + id + "\",\"deleted\":true}", Map.of());
  }

  /// A token for some services lists one of them at a time.
  private static Optional<String> service(Caller caller, Call call) {
    Optional<String> asked = caller.service().or(() -> call.query("service"));
    var allowed = caller.grants().services();
    if (allowed.isEmpty() || asked.filter(caller::mayUse).isPresent()) {
      return asked;
    }
    if (asked.isEmpty() && allowed.size() == 1) {
      return allowed.stream().findFirst();
    }
    throw new Problem(
        ErrorCode.BAD_REQUEST,
        "service must be one of this token's: "
            + String.join(", ", allowed.stream().sorted().toList()));
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

  /// The task's events as a stream that resumes after `Last-Event-ID`. A reader that has them all
  /// is answered 204, which tells a browser's `EventSource` not to come back.
  public Reply events(Call call) {
    Task task = owned(call);
    Queries.only(call, "after");
    int after =
        call.header("Last-Event-ID")
            .or(() -> call.query("after"))
            .filter(text -> !text.isBlank())
            .map(text -> number("Last-Event-ID", text, 0, Integer.MAX_VALUE))
            .orElse(0);
    Map<String, String> headers =
        Map.of("Cache-Control", "no-store", HeaderNames.TASK_ID, task.id().toString());
    if (after > 0
        && task.state().isFinal()
        && store.tasks().events(task.id(), after, 1).isEmpty()) {
      return new Reply.Empty(204, headers);
    }
    EventStream stream = new EventStream(store, waiting, tasks, config.longestStream());
    return new Reply.Stream(
        200,
        "text/event-stream",
        headers,
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
    Optional<TaskId> id = TaskId.parse(call.pathParameter("id").orElse(""));
    Task found =
        id.flatMap(store.tasks()::find)
            .filter(task -> isOwn(caller, task))
            .orElseThrow(() -> missing(id, caller));
    if (!config.kept().stillKeeps(found)) {
      throw Problem.of(ErrorCode.GONE);
    }
    return found;
  }

  private static boolean isOwn(Caller caller, Task task) {
    return task.order().owner().application().equals(caller.application())
        && caller.mayUse(task.order().service());
  }

  private Problem missing(Optional<TaskId> id, Caller caller) {
    boolean gone =
        id.flatMap(known -> store.tasks().tombstone(known, caller.application())).isPresent();
    return Problem.of(gone ? ErrorCode.GONE : ErrorCode.NOT_FOUND);
  }

  private Duration wait(Call call) {
    Optional<String> asked = call.query("wait");
    if (asked.isEmpty()) {
      return Duration.ZERO;
    }
    String text = asked.get();
    String digits = text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
    int seconds = number("wait (in seconds, such as 30 or 30s)", digits, 0, 86_400);
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
