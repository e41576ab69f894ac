package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// One key of a provider with its own limits, by the steady clock. Its text never shows the key.
final class ProviderKey {
  private final String id;
  private final Map<String, String> values;
  private final Definition.Quota quota;
  private final Pace pace;
  private final Map<TaskId, Duration> open = new ConcurrentHashMap<>();

  /// How old jobs were when they were last seen running.
  private final Map<TaskId, Duration> seen = new ConcurrentHashMap<>();

  private volatile Duration brokenUntil = Duration.ZERO;

  ProviderKey(Map<String, String> values, Definition.Quota quota) {
    this.id = digest(new TreeMap<>(values).toString());
    this.values = Map.copyOf(values);
    this.quota = quota;
    this.pace = new Pace(quota.perSecond(), quota.burst());
  }

  /// Names the key in stored references without telling it; the same after a restart and whatever
  /// the order of keys.
  String id() {
    return id;
  }

  Map<String, String> values() {
    return values;
  }

  Pace pace() {
    return pace;
  }

  double perSecond() {
    return quota.perSecond();
  }

  int openJobs() {
    return open.size();
  }

  /// Takes one of the places for open jobs; a task that has one keeps it.
  boolean enter(TaskId task, Duration now) {
    synchronized (open) {
      boolean free = open.containsKey(task) || open.size() < quota.openJobs();
      if (free) {
        open.putIfAbsent(task, now);
      }
      return free;
    }
  }

  /// A job that is open whatever the limit says, since it was submitted before a restart.
  void resume(TaskId task, Duration now) {
    open.putIfAbsent(task, now);
  }

  /// The last moment at which this process may have sent a task's submission.
  void sent(TaskId task, Duration now) {
    open.replace(task, now);
  }

  /// For how long this process knows of a job at least that was, or may have been, submitted.
  Duration known(TaskId task, Duration now) {
    return now.minus(open.getOrDefault(task, now));
  }

  /// A look told that a job runs.
  void seenRunning(TaskId task, Duration age) {
    if (open.containsKey(task)) {
      seen.put(task, age);
    }
  }

  /// How old it was when a look last told that; empty where none did.
  Optional<Duration> lastSeenRunning(TaskId task) {
    return Optional.ofNullable(seen.get(task));
  }

  void leave(TaskId task) {
    open.remove(task);
    seen.remove(task);
  }

  /// The provider refused the key.
  void broken(Duration until) {
    brokenUntil = until;
  }

  boolean isBroken(Duration now) {
    return now.compareTo(brokenUntil) < 0;
  }

  @Override
  public String toString() {
    return "key " + id;
  }

  private static String digest(String text) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(all, 4));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// How fast a key may ask: so many requests a second with a burst, each given a time of its own
  /// in the order of asking. Guards itself.
  static final class Pace {
    private final long stepNanos;
    private final long tolerance;
    private Duration next = Duration.ZERO;
    private Duration pausedUntil = Duration.ZERO;

    Pace(double perSecond, int burst) {
      this.stepNanos = Math.max(1, (long) (1e9 / perSecond));
      this.tolerance = stepNanos * Math.max(0, burst - 1);
    }

    /// Takes the next free time, not before `now`.
    synchronized Duration reserve(Duration now) {
      Duration from = later(now, pausedUntil);
      Duration ideal = later(next, from);
      next = ideal.plusNanos(stepNanos);
      return later(ideal.minusNanos(tolerance), from);
    }

    /// How long one would wait for a turn now.
    synchronized Duration queue(Duration now) {
      Duration wait = later(next.minusNanos(tolerance), pausedUntil).minus(now);
      return wait.isNegative() ? Duration.ZERO : wait;
    }

    /// Leaves the provider alone until then, as it asked for.
    synchronized void pause(Duration until) {
      pausedUntil = later(until, pausedUntil);
    }

    private static Duration later(Duration a, Duration b) {
      return a.compareTo(b) > 0 ? a : b;
    }
  }
}
