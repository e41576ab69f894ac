package dev.carillon.client;

import dev.carillon.client.foresight.Ages;
import dev.carillon.client.foresight.Foresight;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Submits tasks and learns how they end: from the gateway's own API where the server has it, else
/// from the compatible one, which every server has. Safe for many threads.
final class Tasks {
  private static final Duration LONG_POLL = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration SUBMITTING = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration WATCHED_POLL = Duration.ofSeconds(2);
  private static final Duration LONGEST_ASKED = Duration.ofSeconds(60);
  private static final int SUBMIT_ROUNDS = 3;

  private final Sender sender;
  private final DoubleSupplier chance;
  private final Foresight foresight = new Foresight();
  private final BatchPoller poller;
  private final Arrivals arrivals = new Arrivals();
  private volatile boolean compatibleOnly;

  /// @param compatibleOnly whether the server is known to have nothing of the gateway's own API
  Tasks(Sender sender, DoubleSupplier chance, boolean compatibleOnly) {
    this.sender = sender;
    this.chance = chance;
    this.compatibleOnly = compatibleOnly;
    this.poller = new BatchPoller(sender, chance, foresight, compatibleOnly);
  }

  CompletableFuture<TaskResult> whenEnded(String service, String id) {
    return poller.watch(service, id);
  }

  /// A callback told of this: whoever waits for the task's end by polling has it.
  void arrived(TaskResult result) {
    arrivals.arrived(result);
    poller.arrived(List.of(result));
  }

  /// Submits and gives the id. When no answer came, the task is looked for by its trace id before
  /// the request is sent again; with the same key, so that a gateway that knows keys makes it once
  /// even if both requests reach it.
  String submit(Submission submission) throws InterruptedException {
    ObjectNode body = submission.fields();
    String key = submission.key();
    boolean ownTrace = body.path("trace_id").isMissingNode();
    if (ownTrace) {
      body.put("trace_id", key);
      if (submission.repeated()) {
        Optional<String> made = findByTrace(submission.service(), key);
        if (made.isPresent()) {
          return made.get();
        }
      }
    }
    body.put("async", true);
    Call call =
        Call.post("/" + submission.service() + "/" + submission.endpoint(), body.toString())
            .with("Idempotency-Key", key)
            .within(SUBMITTING);
    for (int round = 1; ; round++) {
      try {
        JsonNode answer = sender.send(call).orThrow().json();
        return id(answer).orElseThrow(() -> new AnswerException("no task_id in " + answer));
      } catch (TransportException lost) {
        if (!ownTrace || round == SUBMIT_ROUNDS) {
          throw lost;
        }
        Optional<String> made = findByTrace(submission.service(), key);
        if (made.isPresent()) {
          return made.get();
        }
      }
    }
  }

  private Optional<String> findByTrace(String service, String trace) throws InterruptedException {
    String wish =
        JsonNodeFactory.instance
            .objectNode()
            .put("action", "retrieve")
            .put("trace_id", trace)
            .toString();
    JsonNode found =
        sender.send(Call.repeatablePost("/" + service + "/tasks", wish)).orThrow().json();
    String id = found.path("id").asString("");
    return id.isEmpty() ? Optional.empty() : Optional.of(id);
  }

  private static Optional<String> id(JsonNode answer) {
    String id = answer.path("task_id").asString("");
    return id.isEmpty() ? Optional.empty() : Optional.of(id);
  }

  /// Waits for the end. With a listener each wait is shorter, so that it hears of progress.
  TaskResult await(String service, String id, Duration limit, Optional<Progress> listener)
      throws InterruptedException {
    try (Arrivals.Place place = arrivals.waitFor(id)) {
      return await(place, new Wait(service, id, limit, listener));
    }
  }

  private record Wait(String service, String id, Duration limit, Optional<Progress> listener) {}

  private TaskResult await(Arrivals.Place place, Wait wish) throws InterruptedException {
    Duration limit = wish.limit;
    String id = wish.id;
    long began = System.nanoTime();
    long end = began + limit.toNanos();
    Duration longest = wish.listener.isPresent() ? WATCHED_POLL : LONG_POLL;
    double pause = FIRST_PAUSE.toMillis();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
      long asked = System.nanoTime();
      Looked looked = look(wish.service, id, left.compareTo(longest) < 0 ? left : longest);
      wish.listener.ifPresent(hears -> hears.heard(looked.task()));
      if (looked.task().result().isPresent()) {
        return looked.task().result().get();
      }
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (leftMillis <= 0) {
        throw new WaitTimeoutException(id, "task " + id + " did not end within " + limit);
      }
      // A long poll that was held has paused already.
      if (System.nanoTime() - asked < FIRST_PAUSE.toNanos()) {
        long floor = looked.retryAfter().map(Duration::toMillis).orElse(0L);
        long jittered = Math.round(pause * (0.5 + chance.getAsDouble() / 2));
        long foreseen = foreseen(wish.service, looked, began).orElse(jittered);
        long wanted = Math.max(foreseen, Math.min(floor, LONGEST_ASKED.toMillis()));
        Optional<TaskResult> told = place.pause(Math.min(leftMillis, wanted));
        if (told.isPresent()) {
          return told.get();
        }
        pause = Math.min(pause * 1.5, (double) LONGEST_PAUSE.toMillis());
      }
    }
  }

  /// When such a task is worth the next look, in milliseconds; empty where others have not been
  /// seen to end, or the server shows too little.
  private Optional<Long> foreseen(String service, Looked looked, long began) {
    if (!compatibleOnly) {
      return Optional.empty();
    }
    double waited = (System.nanoTime() - began) / 1e9;
    double age = Math.max(waited, looked.age().map(time -> time.toMillis() / 1e3).orElse(0.0));
    return foresight
        .pause(Ages.kind(service, looked.task().json()), age, 1)
        .map(Duration::toMillis);
  }

  /// Hears what was seen at each look.
  interface Progress {
    void heard(TaskSnapshot task);
  }

  /// A look, when the server wants the next one, and how old the task is, if it tells.
  record Looked(TaskSnapshot task, Optional<Duration> retryAfter, Optional<Duration> age) {}

  Looked look(String service, String id, Duration wait) throws InterruptedException {
    if (compatibleOnly) {
      return compatible(service, id);
    }
    String path = "/v1/tasks/" + id + "?wait=" + wait.toSeconds() + "s";
    Reply reply = sender.send(Call.get(path).within(wait.plus(ANSWER)));
    if (isUnknownPath(reply)) {
      compatibleOnly = true;
      return compatible(service, id);
    }
    JsonNode task = reply.orThrow().json();
    return new Looked(
        new TaskSnapshot(
            id,
            task.path("state").asString("running"),
            task.path("progress").intValue(0),
            ended(id, task),
            task),
        reply.retryAfter(),
        Optional.empty());
  }

  private static Optional<TaskResult> ended(String id, JsonNode task) {
    if (!task.path("finished_at").isString()) {
      return Optional.empty();
    }
    boolean success = task.path("state").asString("").equals("succeeded");
    Optional<String> error =
        success ? Optional.empty() : Optional.of(task.at("/error/code").asString("unknown"));
    JsonNode result = success ? task.path("result") : task.path("error");
    return Optional.of(new TaskResult(id, result, error));
  }

  /// A server that has this path says which task it does not know.
  private static boolean isUnknownPath(Reply reply) {
    if (reply.status() != 404 && reply.status() != 405) {
      return false;
    }
    String code = ServiceError.of(reply).code();
    return !code.equals("not_found") && !code.equals("no_task");
  }

  private Looked compatible(String service, String id) throws InterruptedException {
    if (service.isEmpty()) {
      throw new AnswerException("this server finds a task by its service too, which is not known");
    }
    String wish =
        JsonNodeFactory.instance.objectNode().put("action", "retrieve").put("id", id).toString();
    Reply reply = sender.send(Call.repeatablePost("/" + service + "/tasks", wish)).orThrow();
    JsonNode task = reply.json();
    TaskSnapshot seen = record(id, task);
    if (seen.isEnded()) {
      Ages.learn(foresight, service, task);
    }
    return new Looked(seen, reply.retryAfter(), Ages.of(task, reply.header("date")));
  }

  /// A task from its record of the compatible API.
  static TaskSnapshot record(String id, JsonNode task) {
    JsonNode response = task.path("response");
    if (task.path("finished_at").isMissingNode() || task.path("finished_at").isNull()) {
      int progress = response.path("progress").intValue(0);
      return new TaskSnapshot(id, "running", progress, Optional.empty(), task);
    }
    boolean success = response.path("success").booleanValue(false);
    Optional<String> error =
        success ? Optional.empty() : Optional.of(response.at("/error/code").asString("unknown"));
    return new TaskSnapshot(
        id,
        success ? "succeeded" : "failed",
        success ? 100 : 0,
        Optional.of(new TaskResult(id, response, error)),
        task);
  }

  void cancel(String id) throws InterruptedException {
    sender.send(Call.repeatablePost("/v1/tasks/" + id + "/cancel", "{}")).orThrow();
  }
}
