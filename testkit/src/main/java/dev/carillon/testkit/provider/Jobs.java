package dev.carillon.testkit.provider;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The jobs of one stand-in. What becomes of a job stands in its request: the word `FAIL` makes it
/// fail, `MODERATE` breaks the provider's rules, anything else succeeds. Guards itself.
final class Jobs {
  private final Map<String, Job> byId = new LinkedHashMap<>();
  private final Map<String, String> byKey = new LinkedHashMap<>();
  private int generated;
  private int cancelled;
  private int looks = 1;

  /// How a job ends.
  enum End {
    SUCCEEDS,
    FAILS,
    MODERATED
  }

  /// How far a job is.
  enum Stage {
    QUEUED,
    RUNNING,
    DONE,
    FAILED,
    MODERATED,
    CANCELLED
  }

  /// One job.
  static final class Job {
    private final String id;
    private final String reference;
    private final End end;
    private int left;
    private boolean stopped;

    private Job(String id, String reference, End end, int left) {
      this.id = id;
      this.reference = reference;
      this.end = end;
      this.left = left;
    }

    String id() {
      return id;
    }

    String reference() {
      return reference;
    }
  }

  /// How many looks at it a job goes through before it ends.
  synchronized void looks(int count) {
    looks = count;
  }

  static End end(String request) {
    return request.contains("MODERATE")
        ? End.MODERATED
        : request.contains("FAIL") ? End.FAILS : End.SUCCEEDS;
  }

  /// Begins a job, which is what costs money.
  ///
  /// @param reference the asker's own name for it, or empty
  synchronized Job begin(String request, String reference) {
    generated++;
    String id = "job-%04d".formatted(generated);
    Job job = new Job(id, reference, end(request), looks);
    byId.put(id, job);
    return job;
  }

  /// Begins a job unless the same key began one before.
  synchronized Job beginOnce(String key, String request, String reference) {
    String known = byKey.get(key);
    Job before = known == null ? null : byId.get(known);
    Job job = before == null ? begin(request, reference) : before;
    byKey.put(key, job.id);
    return job;
  }

  synchronized Optional<Job> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  synchronized Optional<Job> byReference(String reference) {
    return byId.values().stream().filter(job -> job.reference.equals(reference)).findFirst();
  }

  synchronized List<Job> all() {
    return new ArrayList<>(byId.values());
  }

  /// Looks at a job, which brings it nearer to its end.
  synchronized Stage look(Job job) {
    if (job.stopped) {
      return Stage.CANCELLED;
    }
    if (job.left > 0) {
      job.left--;
      return job.left > 0 ? Stage.QUEUED : Stage.RUNNING;
    }
    return switch (job.end) {
      case SUCCEEDS -> Stage.DONE;
      case FAILS -> Stage.FAILED;
      case MODERATED -> Stage.MODERATED;
    };
  }

  synchronized void cancel(Job job) {
    cancelled++;
    job.stopped = true;
  }

  /// Stops a job that has not been looked at so often that it runs; one that runs goes on.
  synchronized boolean cancelQueued(Job job) {
    cancelled++;
    job.stopped = job.left > 1;
    return job.stopped;
  }

  synchronized int generated() {
    return generated;
  }

  synchronized int cancelled() {
    return cancelled;
  }
}
