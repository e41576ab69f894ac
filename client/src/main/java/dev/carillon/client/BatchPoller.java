package dev.carillon.client;

import dev.carillon.client.foresight.Ages;
import dev.carillon.client.foresight.Foresight;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Watches thousands of tasks with one thread and few requests: asks for up to fifty of a service
/// at once. When, [Foresight] says; of a kind that it has not seen, a task is asked for the less
/// often the older it is, so that what is added to its duration stays a small part of it. A request
/// that is sent takes along what would soon be due. The thread ends when nothing is left to watch.
final class BatchPoller {
  /// As many ids as every server of the compatible API takes.
  static final int BATCH = 50;

  private static final int MOST_WATCHED = 100_000;
  private static final int MOST_MISSES = 5;
  private static final long SOONEST = TimeUnit.SECONDS.toNanos(1);
  private static final long GATHERED = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LATEST = TimeUnit.SECONDS.toNanos(15);
  private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(10);
  private static final int SHARE_OF_AGE = 10;
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double WEIGHT_OF_LAST = 0.05;

  private final Sender sender;
  private final DoubleSupplier chance;
  private final Foresight foresight;
  private final JsonMapper json = new JsonMapper();
  private final Map<String, Watched> watched = new LinkedHashMap<>(); // guarded by this
  private @Nullable Thread thread; // guarded by this
  private double together = 1; // tasks of a request, on average; of the poller's thread

  /// One task that somebody waits for.
  private static final class Watched {
    private final String service;
    private final String id;
    private long since = System.nanoTime(); // of the poller's thread from the first look on
    private final CompletableFuture<TaskResult> end = new CompletableFuture<>();
    private long due; // of the poller's thread, as the next two
    private long early = GATHERED; // how long before it is due it may go with others
    private int misses;

    private Watched(String service, String id) {
      this.service = service;
      this.id = id;
      this.due = since + GATHERED;
    }
  }

  BatchPoller(Sender sender, DoubleSupplier chance, Foresight foresight) {
    this.sender = sender;
    this.chance = chance;
    this.foresight = foresight;
  }

  /// The end of a task. Cancelling one caller's future is nothing to the others'.
  ///
  /// @throws IllegalStateException when too many are watched
  synchronized CompletableFuture<TaskResult> watch(String service, String id) {
    String key = service + "/" + id;
    Watched known = watched.get(key);
    if (known == null) {
      if (watched.size() >= MOST_WATCHED) {
        throw new IllegalStateException("more than " + MOST_WATCHED + " tasks are watched");
      }
      known = new Watched(service, id);
      watched.put(key, known);
    }
    if (thread == null) {
      thread = new Thread(this::poll, "carillon-poller");
      thread.setDaemon(true);
      thread.start();
    }
    return known.end.thenApply(Function.identity());
  }

  /// A callback told how a task ended; it is asked for no more.
  void arrived(TaskResult result) {
    List<Watched> ended = new ArrayList<>();
    synchronized (this) {
      watched.values().removeIf(task -> task.id.equals(result.taskId()) && ended.add(task));
    }
    ended.forEach(task -> task.end.complete(result));
  }

  private void poll() {
    try {
      while (true) {
        List<Watched> batch = next();
        if (batch.isEmpty()) {
          return;
        }
        ask(batch);
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      failAll(e);
    }
  }

  /// The next to be asked for, all of one service; waits until some are due. Empty when nothing is
  /// left: the thread is given up within the same lock, so that no newcomer is missed.
  private synchronized List<Watched> next() throws InterruptedException {
    while (true) {
      if (watched.isEmpty()) {
        thread = null;
        return List.of();
      }
      long now = System.nanoTime();
      long soonest = LATEST;
      List<Watched> batch = new ArrayList<>();
      for (Watched task : watched.values()) {
        long left = task.due - now;
        soonest = Math.min(soonest, left);
        boolean fits = batch.isEmpty() || batch.get(0).service.equals(task.service);
        if (left <= task.early && fits && batch.size() < BATCH) {
          batch.add(task);
        }
      }
      // Whoever is due soon goes with the first that is due.
      if (soonest <= 0) {
        return batch;
      }
      // Not longer than a newcomer waits, so that nobody needs to wake it.
      TimeUnit.NANOSECONDS.timedWait(this, Math.min(soonest, GATHERED));
    }
  }

  private void ask(List<Watched> batch) throws InterruptedException {
    try {
      Reply reply = sender.send(request(batch)).orThrow();
      Map<String, JsonNode> records = new HashMap<>();
      for (JsonNode item : reply.json().path("items")) {
        records.put(item.path("id").asString(item.path("task_id").asString("")), item);
      }
      together += WEIGHT_OF_LAST * (batch.size() - together);
      batch.forEach(task -> look(task, Optional.ofNullable(records.get(task.id)), reply));
    } catch (TransportException | ServiceException.Limited | ServiceException.Unavailable e) {
      batch.forEach(task -> task.due = System.nanoTime() + AFTER_FAILURE);
    } catch (CarillonException e) {
      batch.forEach(task -> end(task).completeExceptionally(e));
    }
  }

  private Call request(List<Watched> batch) {
    ObjectNode body = json.createObjectNode().put("action", "retrieve_batch");
    ArrayNode ids = body.putArray("ids");
    batch.forEach(task -> ids.add(task.id));
    return Call.repeatablePost("/" + batch.get(0).service + "/tasks", body.toString());
  }

  private void look(Watched task, Optional<JsonNode> found, Reply reply) {
    Optional<TaskResult> result = found.flatMap(record -> Tasks.record(task.id, record).result());
    task.misses = found.isPresent() ? 0 : task.misses + 1;
    if (result.isPresent()) {
      found.ifPresent(record -> Ages.learn(foresight, task.service, record));
      end(task).complete(result.get());
    } else if (task.misses == MOST_MISSES) {
      end(task)
          .completeExceptionally(new AnswerException("the server does not know task " + task.id));
    } else {
      long now = System.nanoTime();
      found
          .flatMap(record -> Ages.of(record, reply.header("date")))
          .filter(age -> now - task.since + Ages.UNSURE.toNanos() < age.toNanos())
          .ifPresent(age -> task.since = now - age.toNanos());
      plan(task, found.map(record -> Ages.kind(task.service, record)), reply.retryAfter(), now);
    }
  }

  private void plan(Watched task, Optional<String> kind, Optional<Duration> asked, long now) {
    long age = now - task.since;
    long floor = Math.min(LATEST, asked.map(Duration::toNanos).orElse(0L));
    Optional<Duration> foreseen =
        kind.flatMap(known -> foresight.pause(known, age / NANOS, together));
    long byAge = Math.min(LATEST, Math.max(SOONEST, age / SHARE_OF_AGE));
    long pause =
        foreseen
            .map(Duration::toNanos)
            .orElseGet(() -> Math.round(byAge * (0.75 + chance.getAsDouble() / 2)));
    task.due = now + Math.max(floor, pause);
    task.early = floor > 0 ? 0 : Math.min(GATHERED, pause / 2);
  }

  private synchronized CompletableFuture<TaskResult> end(Watched task) {
    watched.remove(task.service + "/" + task.id);
    return task.end;
  }

  private void failAll(Throwable cause) {
    List<Watched> all;
    synchronized (this) {
      all = List.copyOf(watched.values());
      watched.clear();
      thread = null;
    }
    all.forEach(task -> task.end.completeExceptionally(cause));
  }
}
