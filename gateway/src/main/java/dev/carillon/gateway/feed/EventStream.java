package dev.carillon.gateway.feed;

import dev.carillon.api.EventType;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.http.Sse;
import dev.carillon.gateway.http.StreamSink;
import dev.carillon.gateway.store.Store;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// One reader's stream of a task's durable events, as server-sent events (WHATWG HTML, section
/// 9.2).
///
/// The event id is the sequence number within the task, so a reader that comes back with
/// `Last-Event-ID` gets exactly what it missed. Progress that is not durable yet is sent without an
/// id. The stream ends after the event that ends the task.
final class EventStream {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int PAGE = 100;

  private final Store store;
  private final Waiting waiting;
  private final NativeTask tasks;
  private final Duration longest;

  EventStream(Store store, Waiting waiting, NativeTask tasks, Duration longest) {
    this.store = store;
    this.waiting = waiting;
    this.tasks = tasks;
    this.longest = longest;
  }

  /// Writes events after a sequence number until the task has ended or the stream grew too old.
  ///
  /// @throws IOException when the reader is gone
  void write(TaskId id, int after, StreamSink sink) throws IOException, InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    int sent = after;
    int shown = -1;
    try (var watch = waiting.watch(id)) {
      Optional<Task> seen = store.tasks().find(id);
      while (seen.isPresent() && System.nanoTime() < end && !waiting.closing()) {
        sent = writeDurable(id, sent, sink);
        if (seen.get().state().isFinal()) {
          return;
        }
        shown = writeProgress(seen.get(), shown, sink);
        Optional<Task> next = watch.next(HEARTBEAT);
        if (next.equals(seen)) {
          sink.send(Sse.comment("still " + seen.get().state().word()));
        }
        seen = next;
      }
    }
  }

  private int writeDurable(TaskId id, int after, StreamSink sink) throws IOException {
    int sent = after;
    List<Event> page;
    do {
      page = store.tasks().events(id, sent, PAGE);
      for (Event event : page) {
        sink.send(Sse.event(String.valueOf(event.sequence()), event.type().wire(), data(event)));
        sent = event.sequence();
      }
    } while (page.size() == PAGE);
    return sent;
  }

  private int writeProgress(Task task, int shown, StreamSink sink) throws IOException {
    if (task.state() instanceof TaskState.Running(_, int progress) && progress > shown) {
      sink.send(Sse.event("", EventType.TASK_PROGRESSED.wire(), progressData(task, progress)));
      return progress;
    }
    return shown;
  }

  private static String progressData(Task task, int progress) {
    var text = new StringWriter(128);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringProperty("task_id", task.id().toString());
      json.writeNumberProperty("progress", progress);
      json.writeEndObject();
    }
    return text.toString();
  }

  private String data(Event event) {
    var text = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringProperty("task_id", event.task().toString());
      json.writeStringProperty("type", event.type().wire());
      json.writeNumberProperty("sequence", event.sequence());
      json.writeStringProperty("at", event.at().toString());
      json.writeNumberProperty("progress", event.progress());
      Optional<Task> ended = store.tasks().find(event.task()).filter(task -> endedBy(task, event));
      if (ended.isPresent()) {
        json.writeName("task");
        tasks.write(ended.get(), json);
      }
      json.writeEndObject();
    }
    return text.toString();
  }

  private static boolean endedBy(Task task, Event event) {
    return task.state().isFinal() && event.type().compareTo(EventType.TASK_PROGRESSED) > 0;
  }
}
