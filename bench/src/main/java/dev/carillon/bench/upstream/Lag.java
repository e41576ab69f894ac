package dev.carillon.bench.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How long after the provider was done its tasks were.
///
/// @param p50Millis the median
/// @param p95Millis of 95 in a hundred
/// @param requestsPerSecond at the provider, from the first task to the last
/// @param allowed requests a second
/// @param ended tasks that ended
public record Lag(
    double p50Millis, double p95Millis, double requestsPerSecond, int allowed, int ended) {
  private static final int AT_ONCE = 64;
  private static final Duration LONGEST = Duration.ofSeconds(50);
  private static final Duration AFTER = Duration.ofSeconds(3);

  private record Plan(InetSocketAddress gateway, String token) {}

  /// Makes the tasks, waits until their jobs are done, at most [#LONGEST], and asks when they
  /// ended.
  public static Lag measure(InetSocketAddress gateway, String token, SlowProvider provider)
      throws IOException, InterruptedException {
    var plan = new Plan(gateway, token);
    Clock clock = provider.clock();
    Instant begun = clock.instant();
    Instant latest = begun.plus(LONGEST);
    try (var http = HttpClient.newHttpClient()) {
      List<String> ids =
          each(new String[provider.tasks()], _ -> create(http, plan)).stream()
              .filter(id -> !id.isEmpty())
              .toList();
      while (clock.instant().isBefore(latest) && !isDone(ids, provider, clock)) {
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
      double seconds = Duration.between(begun, clock.instant()).toMillis() / 1e3;
      double rate = provider.requests() / seconds;
      LockSupport.parkNanos(AFTER.toNanos());
      Map<String, Instant> doneAt = provider.doneAt();
      long[] lags =
          each(ids.toArray(String[]::new), id -> ended(http, plan, id, doneAt)).stream()
              .mapToLong(Long::longValue)
              .filter(lag -> lag >= 0)
              .sorted()
              .toArray();
      return new Lag(at(lags, 50), at(lags, 95), rate, provider.rate(), lags.length);
    }
  }

  private static boolean isDone(List<String> ids, SlowProvider provider, Clock clock) {
    Map<String, Instant> doneAt = provider.doneAt();
    Instant before = clock.instant();
    return doneAt.size() >= ids.size() && doneAt.values().stream().allMatch(before::isAfter);
  }

  private static double at(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  /// One of many calls.
  private interface Act<T> {
    T of(String id) throws IOException, InterruptedException;
  }

  private static <T> List<T> each(String[] ids, Act<T> act)
      throws IOException, InterruptedException {
    var places = new Semaphore(AT_ONCE);
    List<Future<T>> all = new ArrayList<>(ids.length);
    try (var scope = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String id : Arrays.asList(ids)) {
        places.acquire();
        all.add(
            scope.submit(() -> {
              try {
                return act.of(String.valueOf(id));
              } finally {
                places.release();
              }
            }));
      }
    }
    List<T> results = new ArrayList<>(all.size());
    for (Future<T> one : all) {
      try {
        results.add(one.get());
      } catch (ExecutionException broken) {
        throw new IOException("a call failed", broken.getCause());
      }
    }
    return results;
  }

  private static HttpRequest.Builder to(Plan plan, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + plan.gateway().getPort() + path))
        .header("Authorization", "Bearer " + plan.token());
  }

  private static String create(HttpClient http, Plan plan)
      throws IOException, InterruptedException {
    HttpRequest request =
        to(plan, "/seedream/images")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"sea\",\"async\":true}"))
            .build();
    return json(http, request).path("task_id").asString("");
  }

  /// Milliseconds from the job's end to the task's; below zero for one that did not end.
  private static long ended(HttpClient http, Plan plan, String id, Map<String, Instant> doneAt)
      throws IOException, InterruptedException {
    String finished =
        json(http, to(plan, "/v1/tasks/" + id).build()).path("finished_at").asString("");
    Instant done = doneAt.get(id);
    return finished.isEmpty() || done == null
        ? -1
        : Math.max(0, Duration.between(done, Instant.parse(finished)).toMillis());
  }

  private static JsonNode json(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    return JsonMapper.shared().readTree(http.send(request, BodyHandlers.ofString()).body());
  }

  /// Such as `p50 420 ms, p95 900 ms; 130 of 1000 requests/s; 10000 ended`.
  public String words(long megabytes) {
    return String.format(
        Locale.ROOT,
        "p50 %.0f ms, p95 %.0f ms; %.0f of %d requests/s; %d ended; %d MB",
        p50Millis,
        p95Millis,
        requestsPerSecond,
        allowed,
        ended,
        megabytes);
  }
}
