package dev.carillon.gateway.feed;

import dev.carillon.api.HeaderNames;
import dev.carillon.gateway.catalog.Endpoint;
import dev.carillon.gateway.catalog.Envelope;
import dev.carillon.gateway.domain.Reason;
import dev.carillon.gateway.domain.ResultBody;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.http.Call;
import dev.carillon.gateway.http.Problem;
import dev.carillon.gateway.http.Reply;
import dev.carillon.gateway.http.StreamSink;
import dev.carillon.gateway.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Answers the POST that created a task: with the whole result if it comes in time, else with the
/// task id (contract section 2.1). A caller that hangs up stops nothing.
public final class Answers {
  private static final String HINTS = "early-hints";
  private static final String NDJSON = "application/x-ndjson";

  private final Waiting waiting;
  private final TaskRoutes natives;

  public Answers(Waiting waiting, TaskRoutes natives) {
    this.waiting = waiting;
    this.natives = natives;
  }

  /// Waits up to `wait` and answers.
  ///
  /// @param extra headers to add
  /// @throws Problem with the task's own code when it ended without a result
  public Reply created(
      Call call, Endpoint endpoint, Task task, Duration wait, Map<String, String> extra) {
    Map<String, String> headers = new LinkedHashMap<>(extra);
    if (!wait.isZero() && endpoint.streams() && wantsLines(call)) {
      headers.put(HeaderNames.TASK_ID, task.id().toString());
      return new Reply.Stream(200, NDJSON, headers, sink -> writeLines(task, wait, sink));
    }
    if (!wait.isZero() && wantsHints(call)) {
      call.hint(
          Map.of(
              HeaderNames.TASK_ID, task.id().toString(),
              HeaderNames.TRACE_ID, task.order().traceId()));
    }
    Task seen = seen(task, wait);
    headers.putAll(natives.headers(seen));
    headers.put(HeaderNames.TRACE_ID, seen.order().traceId());
    Optional<Reason> reason = ResultBody.reason(seen);
    if (reason.isPresent() && !wait.isZero()) {
      throw problem(reason.get(), headers);
    }
    if (seen.state() instanceof TaskState.Succeeded(_, _, var answer) && !wait.isZero()) {
      String body =
          endpoint.envelope() != Envelope.FULL
              ? answer.json()
              : ResultBody.success(seen, answer.json());
      return Reply.json(200, body, headers);
    }
    return Reply.json(200, idOnly(endpoint, seen), headers);
  }

  /// The task after the wait. Whatever cuts the wait short, the task was accepted, and an error
  /// here would make clients create it again: they get its id.
  private Task seen(Task task, Duration wait) {
    try {
      return waiting.untilEnded(task, wait);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return task;
    } catch (StoreUnavailableException later) {
      return task;
    }
  }

  /// An interim answer confuses clients that do not know of it, so it has to be asked for.
  private static boolean wantsHints(Call call) {
    return call.headers("Prefer").stream().anyMatch(prefer -> prefer.contains(HINTS));
  }

  private static boolean wantsLines(Call call) {
    return call.header("Accept").filter(accept -> accept.contains(NDJSON)).isPresent();
  }

  private static Problem problem(Reason reason, Map<String, String> headers) {
    Problem problem = new Problem(reason.code(), reason.message());
    for (Map.Entry<String, String> header : headers.entrySet()) {
      problem = problem.header(header.getKey(), header.getValue());
    }
    return problem;
  }

  /// The immediate answer. It holds no URL at all: the official clients would take the task for
  /// finished (contract section 0, rule 2).
  private static String idOnly(Endpoint endpoint, Task task) {
    String fields =
        endpoint.startedAt() ? "{\"started_at\":\"" + task.order().createdAt() + "\"}" : "{}";
    return ResultBody.success(task, fields);
  }

  private Waiting.Place place() throws IOException {
    return waiting.place().orElseThrow(() -> new IOException("too many requests wait"));
  }

  /// One line a change, the last one the whole result or the error.
  private void writeLines(Task task, Duration wait, StreamSink sink)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    int shown = -1;
    try (var _ = place();
        var watch = waiting.watch(task.id())) {
      Task seen = waiting.latest(task);
      while (!seen.state().isFinal() && System.nanoTime() < end && !waiting.closing()) {
        int progress = NativeTask.progress(seen);
        if (progress > shown) {
          sink.send(
              ResultBody.success(seen, "{\"progress\":" + progress + ",\"actions\":[]}") + "\n");
          shown = progress;
        }
        seen = watch.next(Duration.ofNanos(Math.max(1, end - System.nanoTime()))).orElse(seen);
      }
      sink.send(ResultBody.of(seen).orElseGet(() -> ResultBody.success(task, "{}")) + "\n");
    }
  }
}
