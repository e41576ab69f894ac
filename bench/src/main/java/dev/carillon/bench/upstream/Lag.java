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
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How long after the provider was done its tasks were.
///
/// First a few jobs show the gateway how long they take. All others are begun so late that the
/// first of them is not looked at before that is known, and so fast that all are open at once
/// before the first ends: a job takes as long as the fill may ([SlowProvider#lasting]). So nothing
/// here takes longer than about three times that.
///
/// @param filled how the jobs were begun
/// @param p50Millis the median
/// @param p95Millis of 95 in a hundred; a task that did not end counts as the worst
/// @param requestsPerSecond at the provider, from the first job to the last end
/// @param allowed requests a second
/// @param looked tasks that were looked at for it
/// @param missing those of them that had not ended
public record Lag(
    Filled filled,
    double p50Millis,
    double p95Millis,
    double requestsPerSecond,
    int allowed,
    int looked,
    int missing) {
  private static final int WARM = 64;
  private static final int SAMPLE = 5_000;
  private static final int AT_ONCE = 16;
  private static final Duration AFTER = Duration.ofSeconds(3);
  private static final Duration TICK = Duration.ofMillis(100);

  /// How the jobs were begun.
  ///
  /// @param created tasks
  /// @param begun jobs at the provider
  /// @param open jobs when the last one was begun
  /// @param took from the first task to the last job
  public record Filled(int created, int begun, int open, Duration took) {}

  /// Creates tasks.
  public interface Fill {
    /// Creates so many for the provider, or as many as it can in time, and tells how many.
    int create(int count, Duration within) throws IOException;

    /// Creates others for so long, so that the virtual machine is warm.
    void warm(Duration time) throws IOException;
  }

  /// Makes the tasks, waits until their jobs are done, and asks a sample of them when they ended.
  public static Lag measure(
      InetSocketAddress gateway, String token, SlowProvider provider, Fill fill)
      throws IOException, InterruptedException {
    Duration lasting = provider.lasting();
    int warm = fill.create(WARM, lasting);
    Instant late = provider.clock().instant().plus(lasting.dividedBy(5).multipliedBy(4));
    fill.warm(lasting.dividedBy(5));
    until(provider, Duration.between(provider.clock().instant(), late), () -> false);
    Instant begun = provider.clock().instant();
    long before = provider.requests();
    Filled filled = filled(provider, fill, warm, begun);
    until(
        provider,
        lasting.multipliedBy(2),
        () -> provider.clock().instant().isAfter(provider.lastDone()));
    double seconds = Duration.between(begun, provider.clock().instant()).toMillis() / 1e3;
    double rate = (provider.requests() - before) / seconds;
    LockSupport.parkNanos(AFTER.toNanos());
    long[] lags = lags(gateway, token, provider.doneAfter(begun));
    int missing = (int) Arrays.stream(lags).filter(lag -> lag == Long.MAX_VALUE).count();
    return new Lag(filled, at(lags, 50), at(lags, 95), rate, provider.rate(), lags.length, missing);
  }

  private static Filled filled(SlowProvider provider, Fill fill, int warm, Instant from)
      throws IOException {
    int created = fill.create(provider.tasks(), provider.lasting());
    int wanted = warm + created - created / 100; // a few may be offered again later
    until(provider, provider.lasting().dividedBy(5), () -> provider.begun() >= wanted);
    var took = Duration.between(from, provider.clock().instant());
    return new Filled(created, provider.begun() - warm, provider.open(), took);
  }

  /// Waits until something is true, at most so long.
  private static void until(SlowProvider provider, Duration longest, BooleanSupplier over) {
    Clock clock = provider.clock();
    Instant latest = clock.instant().plus(longest);
    while (clock.instant().isBefore(latest) && !over.getAsBoolean()) {
      LockSupport.parkNanos(TICK.toNanos());
    }
  }

  private static double at(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  /// The lags of a sample, sorted.
  private static long[] lags(InetSocketAddress gateway, String token, Map<String, Instant> doneAt)
      throws IOException, InterruptedException {
    List<Map.Entry<String, Instant>> all = List.copyOf(doneAt.entrySet());
    int step = Math.max(1, all.size() / SAMPLE);
    var places = new Semaphore(AT_ONCE);
    List<Future<Long>> asked = new ArrayList<>();
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var scope = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int at = 0; at < all.size(); at += step) {
        Map.Entry<String, Instant> one = all.get(at);
        HttpRequest request =
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:" + gateway.getPort() + "/v1/tasks/" + one.getKey()))
                .header("Authorization", "Bearer " + token)
                .build();
        places.acquire();
        asked.add(
            scope.submit(() -> {
              try {
                return lag(http, request, one.getValue());
              } finally {
                places.release();
              }
            }));
      }
    }
    long[] lags = new long[asked.size()];
    for (int i = 0; i < lags.length; i++) {
      try {
        lags[i] = asked.get(i).get();
      } catch (ExecutionException broken) {
        throw new IOException("a call failed", broken.getCause());
      }
    }
    Arrays.sort(lags);
    return lags;
  }

  /// Milliseconds from the job's end to the task's; the most there is for one that did not end.
  private static long lag(HttpClient http, HttpRequest request, Instant done)
      throws IOException, InterruptedException {
    JsonNode task =
        JsonMapper.shared().readTree(http.send(request, BodyHandlers.ofString()).body());
    String finished = task.path("finished_at").asString("");
    return finished.isEmpty()
        ? Long.MAX_VALUE
        : Math.max(0, Duration.between(done, Instant.parse(finished)).toMillis());
  }

  /// Such as `p50 420 ms, p95 900 ms, 0 of 5000 not ended; 100000 of 100000 jobs begun in 71 s,
  /// 99000 open at once; 1300 of 4000 requests/s; 900 MB`.
  public String words(long megabytes) {
    return String.format(
        Locale.ROOT,
        "p50 %.0f ms, p95 %.0f ms, %d of %d not ended; %d of %d jobs begun in %d s, %d open at once;"
            + " %.0f of %d requests/s; %d MB",
        p50Millis,
        p95Millis,
        missing,
        looked,
        filled.begun,
        filled.created,
        filled.took.toSeconds(),
        filled.open,
        requestsPerSecond,
        allowed,
        megabytes);
  }
}
