package dev.carillon.gateway.upstream.http;

import dev.carillon.gateway.domain.TaskId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// One key of a provider with its own limits. Its text never shows the key.
final class ProviderKey {
  private final String id;
  private final Map<String, String> values;
  private final Definition.Quota quota;
  private final Pace pace;
  private final Set<TaskId> open = ConcurrentHashMap.newKeySet();
  private volatile Instant brokenUntil = Instant.EPOCH;

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
  boolean enter(TaskId task) {
    synchronized (open) {
      if (open.contains(task)) {
        return true;
      }
      return open.size() < quota.openJobs() && open.add(task);
    }
  }

  /// A job that is open whatever the limit says, since it was submitted before a restart.
  void resume(TaskId task) {
    open.add(task);
  }

  void leave(TaskId task) {
    open.remove(task);
  }

  /// The provider refused the key.
  void broken(Instant until) {
    brokenUntil = until;
  }

  boolean isBroken(Instant now) {
    return now.isBefore(brokenUntil);
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
    private Instant next = Instant.EPOCH;
    private Instant pausedUntil = Instant.EPOCH;

    Pace(double perSecond, int burst) {
      this.stepNanos = Math.max(1, (long) (1e9 / perSecond));
      this.tolerance = stepNanos * Math.max(0, burst - 1);
    }

    /// Takes the next free time, not before `now`.
    synchronized Instant reserve(Instant now) {
      Instant from = later(now, pausedUntil);
      Instant ideal = later(next, from);
      next = ideal.plusNanos(stepNanos);
      return later(ideal.minusNanos(tolerance), from);
    }

    /// How long one would wait for a turn now.
    synchronized Duration queue(Instant now) {
      Duration wait = Duration.between(now, later(next.minusNanos(tolerance), pausedUntil));
      return wait.isNegative() ? Duration.ZERO : wait;
    }

    /// Leaves the provider alone until then, as it asked for.
    synchronized void pause(Instant until) {
      pausedUntil = later(until, pausedUntil);
    }

    private static Instant later(Instant a, Instant b) {
      return a.isAfter(b) ? a : b;
    }
  }
}
