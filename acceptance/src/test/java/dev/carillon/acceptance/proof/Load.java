package dev.carillon.acceptance.proof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// Callers that send tasks to any node and look at them on any other, until all are sent and harm
/// was done as often as the run asks for: a load that ends too early goes on at its rate.
///
/// A request without an answer is sent again under its key, to another node; one in twenty is given
/// up instead, so that its task is one that nobody was told of. Some tasks fail, some are
/// cancelled.
final class Load implements AutoCloseable {
  private static final int SENDERS = 12;
  private static final int READERS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final long BREATH_MILLIS = 60;
  private static final long SECONDS_A_HARM = 180;

  private final House house;
  private final Run run;
  private final History history;
  private final int rate;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private final AtomicInteger harms = new AtomicInteger();
  private final List<String> known = new CopyOnWriteArrayList<>();
  private final List<Thread> senders = new ArrayList<>();
  private final List<Thread> readers = new ArrayList<>();
  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();
  private final long began = System.nanoTime();
  private volatile boolean reading = true;
  private volatile boolean sending = true;

  /// What becomes of a task.
  enum Kind {
    SANDBOX("/midjourney/imagine", "%s"),
    SLOW("/midjourney/imagine", "%s [[sandbox take=1s]]"),
    FAILS("/midjourney/imagine", "%s [[sandbox fail=api_error after=100ms]]"),
    CANCELLED("/midjourney/imagine", "%s [[sandbox take=5s]]"),
    UPSTREAM("/flux/images", "%s");

    private final String path;
    private final String prompt;

    Kind(String path, String prompt) {
      this.path = path;
      this.prompt = prompt;
    }

    static Kind of(Random random) {
      int dice = random.nextInt(100);
      return dice < 45
          ? UPSTREAM
          : dice < 75 ? SANDBOX : dice < 88 ? SLOW : dice < 95 ? FAILS : CANCELLED;
    }
  }

  Load(House house) {
    this(house, house.run().options().rate());
  }

  private Load(House house, int rate) {
    this.house = house;
    this.run = house.run();
    this.history = run.history();
    this.rate = rate;
  }

  Load start() {
    for (int i = 0; i < SENDERS; i++) {
      senders.add(Thread.ofVirtual().name("sender-" + i).start(this::send));
    }
    for (int i = 0; i < READERS; i++) {
      int number = i;
      readers.add(Thread.ofVirtual().name("reader-" + i).start(() -> look(number)));
    }
    readers.add(Thread.ofVirtual().name("follower").start(this::follow));
    return this;
  }

  int accepted() {
    return accepted.get();
  }

  int unanswered() {
    return unanswered.get();
  }

  /// Whether there is still something to send.
  boolean isSending() {
    return sending && senders.stream().anyMatch(Thread::isAlive);
  }

  /// Whether harm has to be done once more.
  boolean needsHarm() {
    return harms.get() < run.options().kills() && isSending();
  }

  /// Counts one that was done.
  void harmed() {
    harms.incrementAndGet();
  }

  /// How many times harm was done.
  int harms() {
    return harms.get();
  }

  /// Returns when everything is sent.
  ///
  /// @throws AssertionError when harm was done less often than the run asks for
  void awaitSent() {
    senders.forEach(Load::join);
    if (harms.get() < run.options().kills()) {
      throw new AssertionError(
          "harm was done %d times of %d, with seed %d: too little to prove anything"
              .formatted(harms.get(), run.options().kills(), run.options().seed()));
    }
  }

  /// Ends the looking.
  @Override
  public void close() {
    sending = false;
    senders.forEach(Load::join);
    reading = false;
    readers.forEach(Load::join);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() {
    int number = next.getAndIncrement();
    while (sending && isDue(number)) {
      long due = began + (long) number * 1_000_000_000 / rate;
      Run.pass(Math.max(0, (due - System.nanoTime()) / 1_000_000));
      send(number, run.random(1_000 + number));
      number = next.getAndIncrement();
    }
  }

  /// Whether a task belongs to the load: one of those asked for, or one more while harm is left to
  /// do and there is time for it.
  private boolean isDue(int number) {
    long tasks = run.options().tasks();
    int kills = run.options().kills();
    return number < tasks
        || (harms.get() < kills && number < tasks + kills * SECONDS_A_HARM * rate);
  }

  private void send(int number, Random random) {
    String key = "k" + number;
    Kind kind = Kind.of(random);
    kinds.put(key, kind);
    boolean stubborn = random.nextInt(20) > 0;
    String body =
        History.json(
            Map.of(
                "prompt",
                kind.prompt.formatted(key),
                "async",
                true,
                "callback_url",
                house.callbacks().url(key)));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int tries = 0;
    do {
      Node node = house.any(random);
      history.note("sent", "key", key, "node", node.number(), "kind", kind.name());
      var reply = house.caller().post(node.base(), kind.path, body, Optional.of(key));
      if (reply.isOk()) {
        String task = reply.json().path("task_id").asString();
        history.note("accepted", "key", key, "node", node.number(), "task", task);
        accepted.incrementAndGet();
        known.add(task);
        cancel(kind, task, random);
        return;
      }
      unanswered.incrementAndGet();
      history.note(
          "refused",
          "key",
          key,
          "node",
          node.number(),
          "status",
          reply.status(),
          "why",
          reply + "",
          "retry",
          reply.retryAfter().orElse(""));
      tries++;
      Run.pass(BREATH_MILLIS * Math.min(tries, 6) + random.nextInt(100));
    } while (stubborn && System.nanoTime() < deadline);
    history.note("given-up", "key", key);
  }

  private void cancel(Kind kind, String task, Random random) {
    if (kind != Kind.CANCELLED) {
      return;
    }
    Run.pass(random.nextInt(500));
    Node node = house.any(random);
    var reply =
        house.caller().post(node.base(), "/v1/tasks/" + task + "/cancel", "{}", Optional.empty());
    String word = reply.isOk() ? reply.json().path("cancellation").asString("") : "";
    history.note(
        "cancel", "task", task, "node", node.number(), "status", reply.status(), "word", word);
  }

  /// Looks at the newest tasks most of the time, and at old ones now and then.
  private void look(int number) {
    Random random = run.random(100 + number);
    while (reading) {
      int size = known.size();
      if (size == 0) {
        Run.pass(20);
        continue;
      }
      int back =
          random.nextInt(10) == 0 ? random.nextInt(size) : random.nextInt(Math.min(size, 60));
      String task = known.get(size - 1 - back);
      Node node = house.any(random);
      var reply = house.caller().get(node.base(), "/v1/tasks/" + task);
      if (reply.isOk()) {
        JsonNode json = reply.json();
        history.note(
            "read",
            "reader",
            number,
            "task",
            task,
            "node",
            node.number(),
            "state",
            json.path("state").asString(),
            "result",
            result(json));
      } else if (reply.status() == 404 || reply.status() == 410) {
        history.note(
            "read",
            "reader",
            number,
            "task",
            task,
            "node",
            node.number(),
            "state",
            "missing",
            "result",
            "");
      } else {
        Run.pass(BREATH_MILLIS);
      }
      Run.pass(random.nextInt(12));
    }
  }

  /// What a caller gets, to be compared with what he gets later. Addresses name the node that
  /// answers, so their host is left out.
  static String result(JsonNode task) {
    String text = task.path("result") + "" + task.path("error") + task.path("finished_at");
    return History.digest(
        text.replaceAll("http://[^/\"]+/", "/").getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /// Reads the feed on, from any node.
  private void follow() {
    Random random = run.random(200);
    String cursor = "";
    while (reading) {
      Node node = house.any(random);
      String after = cursor.isEmpty() ? "" : "&after=" + cursor;
      var reply = house.caller().get(node.base(), "/v1/events?limit=500&wait=1s" + after);
      if (!reply.isOk()) {
        Run.pass(BREATH_MILLIS);
        continue;
      }
      JsonNode page = reply.json();
      for (JsonNode item : page.path("items")) {
        history.note(
            "heard",
            "cursor",
            item.path("cursor").asString(),
            "id",
            item.at("/event/id").asString(),
            "type",
            item.at("/event/type").asString());
      }
      cursor = page.path("next").asString(cursor);
    }
  }
}
