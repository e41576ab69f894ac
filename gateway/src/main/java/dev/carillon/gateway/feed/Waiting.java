package dev.carillon.gateway.feed;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Waits for a task to change or a feed to grow: on the bell, with a look at the store as the
/// floor. Bounded by the number of requests that may wait at once.
public final class Waiting implements AutoCloseable {
  /// A bell may be lost, a look never is; rare enough that 10,000 waits cost next to nothing.
  static final Duration FLOOR = Duration.ofSeconds(5);

  /// Changes a slow reader may be behind; what does not fit is found by the next look.
  private static final int BACKLOG = 128;

  private final Store store;
  private final int most;
  private final Semaphore places;
  private final Set<Watcher> watchers = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  /// @param most requests that may wait at once
  public Waiting(Store store, int most) {
    this.store = store;
    this.most = most;
    this.places = new Semaphore(most);
  }

  /// Wakes everybody who waits, so that each is answered with what is known and nobody is cut off:
  /// a client that sees a broken POST sends it again.
  @Override
  public void close() {
    closing = true;
    watchers.forEach(Watcher::wake);
  }

  /// Somebody who waits on the bell.
  interface Watcher {
    /// Ends the wait under way, or the next one.
    void wake();
  }

  /// Whether waiting is over because the gateway stops.
  boolean closing() {
    return closing;
  }

  /// A place for a stream; empty when too many requests wait. To be closed.
  Optional<Place> place() {
    return places.tryAcquire() ? Optional.of(places::release) : Optional.empty();
  }

  /// Whether no place is free.
  boolean full() {
    return places.availablePermits() == 0;
  }

  /// A taken place.
  @FunctionalInterface
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /// How many requests wait now.
  public int held() {
    return most - places.availablePermits();
  }

  /// The task once it ended, or as it is after `longest`. Where there is nothing to wait for, or no
  /// place is free, it is as it was seen.
  ///
  /// @param task as the caller just saw it
  public Task untilEnded(Task task, Duration longest) throws InterruptedException {
    if (task.state().isFinal() || longest.isZero() || !places.tryAcquire()) {
      return task;
    }
    try (var watch = watch(task.id())) {
      Task seen = latest(task);
      long end = System.nanoTime() + longest.toNanos();
      while (!seen.state().isFinal() && !closing) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return seen;
        }
        seen = watch.next(Duration.ofNanos(left)).orElse(seen);
      }
      return seen;
    } finally {
      places.release();
    }
  }

  /// The task as it is now.
  Task latest(Task task) {
    return task.state().isFinal() ? task : store.tasks().find(task.id()).orElse(task);
  }

  /// Watches one task until closed.
  public Watch watch(TaskId id) {
    return new Watch(id);
  }

  /// Watches an application's feed until closed.
  FeedWatch watchFeed(ApplicationId application) {
    FeedWatch watch = new FeedWatch(store.bell(), application, watchers::remove);
    watchers.add(watch);
    return watch;
  }

  /// One reader's view of a task's changes. Used by one thread.
  public final class Watch implements AutoCloseable, Watcher {
    private final TaskId id;
    private final ArrayBlockingQueue<Optional<Task>> changes = new ArrayBlockingQueue<>(BACKLOG);
    private final Bell.Listening listening;

    private Watch(TaskId id) {
      this.id = id;
      this.listening = store.bell().listen(id, task -> changes.offer(Optional.of(task)));
      watchers.add(this);
    }

    /// The task after its next change; or, when no bell rang within `longest` or the floor, as a
    /// look at the store finds it. Empty when the task is gone.
    public Optional<Task> next(Duration longest) throws InterruptedException {
      Duration patience = longest.compareTo(FLOOR) < 0 ? longest : FLOOR;
      Optional<Task> changed = changes.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      return changed != null && changed.isPresent() ? changed : store.tasks().find(id);
    }

    @Override
    public void wake() {
      changes.offer(Optional.empty());
    }

    @Override
    public void close() {
      watchers.remove(this);
      listening.close();
    }
  }
}
