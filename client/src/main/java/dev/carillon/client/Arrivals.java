package dev.carillon.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Ends that callbacks told of, for the threads that wait for these tasks between two looks. What
/// nobody waits for is not kept. Safe for many threads.
final class Arrivals {
  private final Map<String, Place> places = new HashMap<>(); // by task id; guarded by this

  /// Where the threads that wait for one task look.
  final class Place implements AutoCloseable {
    private final String id;
    private final CompletableFuture<TaskResult> end = new CompletableFuture<>();
    private int waiting; // guarded by the arrivals

    private Place(String id) {
      this.id = id;
    }

    /// Waits for so long, or until a callback tells of the end.
    Optional<TaskResult> pause(long millis) throws InterruptedException {
      try {
        return Optional.of(end.get(millis, TimeUnit.MILLISECONDS));
      } catch (TimeoutException nothingCame) {
        return Optional.empty();
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public void close() {
      leave(this);
    }
  }

  /// A place to wait at; to be closed.
  synchronized Place waitFor(String id) {
    Place place = places.computeIfAbsent(id, Place::new);
    place.waiting++;
    return place;
  }

  private synchronized void leave(Place place) {
    place.waiting--;
    if (place.waiting == 0) {
      places.remove(place.id, place);
    }
  }

  /// A task has ended so.
  synchronized void arrived(TaskResult result) {
    Place place = places.get(result.taskId());
    if (place != null) {
      place.end.complete(result);
    }
  }
}
