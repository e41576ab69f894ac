package dev.carillon.gateway.store.postgres.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The verbs that wait for a writer, in their order. Safe for many threads.
final class Waiting {
  private final Writer.Limits limits;
  private final BlockingQueue<Verb<?>> verbs;

  Waiting(Writer.Limits limits) {
    this.limits = limits;
    this.verbs = new ArrayBlockingQueue<>(limits.waiting());
  }

  /// False when too many wait.
  boolean offer(Verb<?> verb) {
    return verbs.offer(verb);
  }

  boolean hasRoom() {
    return verbs.remainingCapacity() > 0;
  }

  /// Takes the first, and waits for it so long at most; null when there is none.
  @Nullable Verb<?> first(long millis) throws InterruptedException {
    return verbs.poll(millis, TimeUnit.MILLISECONDS);
  }

  /// Moves the first ones to a batch, as many as it has room for.
  void fill(List<Verb<?>> batch) {
    long bytes = bytes(batch);
    while (hasRoom(batch, bytes)) {
      Verb<?> next = verbs.poll();
      if (next == null) {
        return;
      }
      batch.add(next);
      bytes += next.weight();
    }
  }

  /// Moves those to a batch that fit it, as many as it has room for.
  ///
  /// @return what was moved
  List<Verb<?>> join(List<Verb<?>> batch, Predicate<Verb<?>> fits) {
    var joined = new ArrayList<Verb<?>>();
    long bytes = bytes(batch);
    for (Verb<?> verb : verbs) {
      if (!hasRoom(batch, bytes)) {
        break;
      }
      // Another writer may have taken it meanwhile.
      if (fits.test(verb) && verbs.remove(verb)) {
        batch.add(verb);
        joined.add(verb);
        bytes += verb.weight();
      }
    }
    return joined;
  }

  private boolean hasRoom(List<Verb<?>> batch, long bytes) {
    return batch.size() < limits.batch() && bytes < limits.batchBytes();
  }

  private static long bytes(List<Verb<?>> batch) {
    return batch.stream().mapToLong(Verb::weight).sum();
  }

  /// Fails all that wait, for the store is closed.
  void refuse() {
    var rest = new ArrayList<Verb<?>>();
    verbs.drainTo(rest);
    for (Verb<?> verb : rest) {
      verb.fail(new IllegalStateException("the store is closed"), false);
      verb.finish();
    }
  }
}
