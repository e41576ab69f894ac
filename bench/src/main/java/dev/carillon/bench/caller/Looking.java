package dev.carillon.bench.caller;

import dev.carillon.client.Carillon;
import dev.carillon.client.TaskHandle;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How long after a task's end its program hears of it, and how many requests that takes. The tasks
/// take as long as such work does: log-normal, half of them within 8 s, nine of ten within 15 s.
public final class Looking {
  private static final double MEDIAN_SECONDS = 8;
  private static final double SPREAD = 0.5;
  private static final double FIXED_SECONDS = 3;
  private static final int SEEN_BEFORE = 300;
  private static final int BATCH = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Place place;
  private final int perSecond;
  private final Random random = new Random(7);
  private final Clock clock = Clock.systemUTC();
  private final JsonMapper json = new JsonMapper();

  /// @param perSecond tasks that are begun in a second
  public Looking(Place place, int perSecond) {
    this.place = place;
    this.perSecond = perSecond;
  }

  /// What was reached.
  ///
  /// @param late the mean, in words
  /// @param fixed the same tasks looked at every three seconds, by arithmetic
  public record Figures(String late, String fixed) {}

  /// Waits for a task's end in its own way.
  private interface Hears {
    void until(TaskHandle task, Runnable told) throws InterruptedException;
  }

  /// By the calls of the compatible API alone, all tasks together.
  public Figures together(int tasks) throws InterruptedException {
    Carillon carillon = place.compatible();
    run(carillon, SEEN_BEFORE, Looking::whenEnded);
    return run(carillon, tasks, Looking::whenEnded);
  }

  /// By the gateway's feed, all tasks together.
  public Figures fed(int tasks) throws InterruptedException {
    return run(place.carillon(), tasks, Looking::whenEnded);
  }

  /// By a look at each task every three seconds, as a caller does who knows nothing.
  public Figures fixed(int tasks) throws InterruptedException {
    return run(
        place.compatible(),
        tasks,
        (task, told) -> {
          do {
            LockSupport.parkNanos(Math.round(FIXED_SECONDS * 1e9));
          } while (task.look().isEmpty());
          told.run();
        });
  }

  private static void whenEnded(TaskHandle task, Runnable told) {
    var _ = task.whenEnded().thenRun(told).exceptionally(Looking::fail);
  }

  /// By the gateway's own long poll, each task by a thread of its own.
  public Figures held(int tasks) throws InterruptedException {
    return run(
        place.carillon(),
        tasks,
        (task, told) -> {
          task.await(PATIENCE);
          told.run();
        });
  }

  private static Void fail(Throwable fault) {
    throw new IllegalStateException(fault);
  }

  private Figures run(Carillon carillon, int tasks, Hears hears) throws InterruptedException {
    var ids = new String[tasks];
    var told = new double[tasks];
    var left = new CountDownLatch(tasks);
    long begin = System.nanoTime();
    long requests;
    try (var calls = new Calls()) {
      for (int i = 0; i < tasks; i++) {
        int number = i;
        long millis = Math.round(1000 * MEDIAN_SECONDS * Math.exp(SPREAD * random.nextGaussian()));
        LockSupport.parkNanos(begin + i * (1_000_000_000L / perSecond) - System.nanoTime());
        Thread.ofVirtual()
            .start(() -> {
              try {
                TaskHandle task = submit(carillon, millis);
                ids[number] = task.id();
                hears.until(
                    task,
                    () -> {
                      told[number] = clock.millis() / 1e3;
                      left.countDown();
                    });
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
      if (!left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(left.getCount() + " tasks were never told of");
      }
      requests = calls.count();
    }
    return figures(records(carillon, List.of(ids)), ids, told, requests);
  }

  static TaskHandle submit(Carillon carillon, long millis) throws InterruptedException {
    return carillon.submit(
        "midjourney",
        "imagine",
        Map.of("prompt", "a bell tower [[sandbox take=" + millis + "ms]]"));
  }

  private Map<String, JsonNode> records(Carillon carillon, List<String> ids)
      throws InterruptedException {
    Map<String, JsonNode> records = new HashMap<>();
    for (int from = 0; from < ids.size(); from += BATCH) {
      ObjectNode wish = json.createObjectNode().put("action", "retrieve_batch");
      var some = wish.putArray("ids");
      ids.subList(from, Math.min(ids.size(), from + BATCH)).forEach(some::add);
      carillon
          .post("/midjourney/tasks", wish)
          .path("items")
          .forEach(record -> records.put(record.path("id").asString(""), record));
    }
    return records;
  }

  private static Figures figures(
      Map<String, JsonNode> records, String[] ids, double[] told, long requests) {
    var late = new double[ids.length];
    double fixedLate = 0;
    double fixedLooks = 0;
    for (int i = 0; i < ids.length; i++) {
      JsonNode record = Objects.requireNonNull(records.get(ids[i]), "every task has a record");
      double end = record.path("finished_at").doubleValue();
      late[i] = told[i] - end;
      double took = end - record.path("created_at").doubleValue();
      double looks = Math.ceil(took / FIXED_SECONDS);
      fixedLooks += looks;
      fixedLate += looks * FIXED_SECONDS - took;
    }
    double mean = Arrays.stream(late).average().orElse(0);
    Arrays.sort(late);
    String words =
        String.format(
            Locale.ROOT,
            "mean %.0f ms, p99 %.0f ms; %.2f requests a task",
            mean * 1e3,
            late[(int) (ids.length * 0.99)] * 1e3,
            (double) requests / ids.length);
    String fixed =
        String.format(
            Locale.ROOT,
            "mean %,.0f ms; %.2f requests a task",
            fixedLate / ids.length * 1e3,
            fixedLooks / ids.length);
    return new Figures(words, fixed);
  }

  /// Waits for all of them.
  static void await(List<CompletableFuture<?>> ends)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture.allOf(new ArrayList<>(ends).toArray(CompletableFuture[]::new))
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
