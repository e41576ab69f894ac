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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Watches thousands of tasks with few threads and few requests: asks for up to fifty of a service
/// at once. Each is looked at once; then its end is told by the [EndsFeed] where there is one, and
/// looks only make sure. Else [Foresight] says when to look; of a kind that it has not seen, a task
/// is asked for the less often the older it is, so that what is added to its duration stays a small
/// part of it. A request that is sent takes along what would soon be due. While one waits for its
/// answer another may be sent, up to a few at once, so that a slow answer does not make others
/// late. The threads end when nothing is left to watch.
final class BatchPoller {
  /// As many ids as every server of the compatible API takes.
  static final int BATCH = 50;

  private static final int MOST_WATCHED = 100_000;
  private static final int MOST_THREADS = 4;
  private static final int MOST_IDLE = 2;
  private static final int MOST_MISSES = 5;
  private static final long SOONEST = TimeUnit.SECONDS.toNanos(1);
  private static final long GATHERED = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long LATEST = TimeUnit.SECONDS.toNanos(15);
  private static final long MAKES_SURE = TimeUnit.MINUTES.toNanos(2);
  private static final long AFTER_FAILURE = TimeUnit.SECONDS.toNanos(10);
  private static final int SHARE_OF_AGE = 10;
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final double WEIGHT_OF_LAST = 0.05;

  private final Sender sender;
  private final DoubleSupplier chance;
  private final Foresight foresight;
  private final Map<String, Watched> watched = new LinkedHashMap<>(); // guarded by this
  private final EndsFeed feed;
  private int threads; // guarded by this
  private int idle; // guarded by this
  private volatile double together = 1; // tasks of a request, on average

  /// One task that somebody waits for. Guarded by the poller, and while it is asked for by the
  /// thread that does.
  private static final class Watched {
    private final String service;
    private final String id;
    private long since = System.nanoTime();
    private final CompletableFuture<TaskResult> end = new CompletableFuture<>();
    private boolean asked;
    private Optional<Long> seenOpen = Optional.empty(); // when that look was sent
    private long due;
    private long early = GATHERED; // how long before it is due it may go with others
    private int misses;

    private Watched(String service, String id) {
      this.service = service;
      this.id = id;
      this.due = since + GATHERED;
    }
  }

  /// @param noFeed whether the server is known to have no feed of events
  BatchPoller(Sender sender, DoubleSupplier chance, Foresight foresight, boolean noFeed) {
    this.sender = sender;
    this.chance = chance;
    this.foresight = foresight;
    this.feed = new EndsFeed(sender, new Watching(), noFeed);
  }

  private final class Watching implements EndsFeed.Watching {
    @Override
    public boolean any() {
      return isWatching();
    }

    @Override
    public int ended(List<TaskResult> results) {
      return arrived(results);
    }
  }

  private synchronized boolean isWatching() {
    return !watched.isEmpty();
  }

  /// The end of a task. Cancelling one caller's future is nothing to the others'.
  ///
  /// @throws IllegalStateException when too many are watched
  CompletableFuture<TaskResult> watch(String service, String id) {
    CompletableFuture<TaskResult> end = put(service, id);
    feed.start();
    return end;
  }

  private synchronized CompletableFuture<TaskResult> put(String service, String id) {
    String key = service + "/" + id;
    Watched known = watched.get(key);
    if (known == null) {
      if (watched.size() >= MOST_WATCHED) {
        throw new IllegalStateException("more than " + MOST_WATCHED + " tasks are watched");
      }
      known = new Watched(service, id);
      watched.put(key, known);
    }
    if (threads == 0) {
      begin();
    }
    return known.end.thenApply(Function.identity());
  }

  private synchronized void begin() {
    threads++;
    var thread = new Thread(this::poll, "carillon-poller");
    thread.setDaemon(true);
    thread.start();
  }

  /// A callback or the feed told how tasks ended; they are asked for no more.
  ///
  /// @return how many of them were watched
  int arrived(List<TaskResult> results) {
    Map<String, TaskResult> byId = new HashMap<>();
    results.forEach(result -> byId.put(result.taskId(), result));
    Map<Watched, TaskResult> ended = new HashMap<>();
    synchronized (this) {
      for (Watched task : watched.values()) {
        Optional.ofNullable(byId.get(task.id)).ifPresent(result -> ended.put(task, result));
      }
      watched.values().removeAll(ended.keySet());
    }
    ended.forEach((task, result) -> task.end.complete(result));
    return ended.size();
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

  /// The next to be asked for, all of one service; waits until some are due. Empty when this thread
  /// is not needed: it is given up within the same lock, so that no newcomer is missed.
  private synchronized List<Watched> next() throws InterruptedException {
    while (!watched.isEmpty() && idle < MOST_IDLE) {
      long now = System.nanoTime();
      long soonest = LATEST;
      List<Watched> batch = new ArrayList<>();
      for (Watched task : watched.values()) {
        if (task.asked) {
          continue;
        }
        long left = due(task) - now;
        soonest = Math.min(soonest, left);
        boolean fits = batch.isEmpty() || batch.get(0).service.equals(task.service);
        if (left <= task.early && fits && batch.size() < BATCH) {
          batch.add(task);
        }
      }
      // Whoever is due soon goes with the first that is due.
      if (soonest <= 0) {
        batch.forEach(task -> task.asked = true);
        if (idle == 0 && threads < MOST_THREADS) {
          begin();
        }
        return batch;
      }
      idle++;
      try {
        // Not longer than a newcomer waits, so that nobody needs to wake it.
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(soonest, GATHERED));
      } finally {
        idle--;
      }
    }
    threads--;
    return List.of();
  }

  private long due(Watched task) {
    return task.seenOpen
        .filter(feed::covers)
        .map(sent -> Math.max(task.due, sent + MAKES_SURE))
        .orElse(task.due);
  }

  /// Several may come at once.
  private synchronized void asked(int tasks) {
    together += WEIGHT_OF_LAST * (tasks - together);
  }

  private void ask(List<Watched> batch) throws InterruptedException {
    long sent = System.nanoTime();
    try {
      Reply reply = sender.send(request(batch)).orThrow();
      Map<String, JsonNode> records = new HashMap<>();
      for (JsonNode item : reply.json().path("items")) {
        records.put(item.path("id").asString(item.path("task_id").asString("")), item);
      }
      asked(batch.size());
      for (Watched task : batch) {
        Optional<JsonNode> found = Optional.ofNullable(records.get(task.id));
        task.seenOpen = found.map(record -> sent);
        look(task, found, reply);
      }
    } catch (TransportException | ServiceException.Limited | ServiceException.Unavailable e) {
      batch.forEach(task -> task.due = System.nanoTime() + AFTER_FAILURE);
    } catch (CarillonException e) {
      batch.forEach(task -> end(task).completeExceptionally(e));
    } finally {
      answered(batch);
    }
  }

  private synchronized void answered(List<Watched> batch) {
    batch.forEach(task -> task.asked = false);
  }

  private Call request(List<Watched> batch) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("action", "retrieve_batch");
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
    watched.remove(task.service + "/" + task.id, task); // another may watch the same since
    return task.end;
  }

  private void failAll(Throwable cause) {
    List<Watched> all;
    synchronized (this) {
      all = List.copyOf(watched.values());
      watched.clear();
      threads--;
    }
    all.forEach(task -> task.end.completeExceptionally(cause));
  }
}
