package dev.carillon.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A task at the gateway, known by its id. It goes on there whatever becomes of this program; keep
/// the [#service] and the [#id], and [Carillon#resume] makes the handle again.
public final class TaskHandle {
  private final Tasks tasks;
  private final String service;
  private final String id;
  private final Runnable done;
  private final Optional<Tasks.Progress> listener;

  TaskHandle(Tasks tasks, String service, String id) {
    this(tasks, service, id, () -> {}, Optional.empty());
  }

  TaskHandle(
      Tasks tasks, String service, String id, Runnable done, Optional<Tasks.Progress> listener) {
    this.tasks = tasks;
    this.service = service;
    this.id = id;
    this.done = done;
    this.listener = listener;
  }

  /// A handle of the same task whose [#await] also tells what it sees on its way, every two seconds
  /// or so and once at the end, on the waiting thread.
  public TaskHandle onProgress(Consumer<TaskSnapshot> listener) {
    return new TaskHandle(tasks, service, id, done, Optional.of(listener::accept));
  }

  /// The service, such as `midjourney`.
  public String service() {
    return service;
  }

  /// The task's id.
  public String id() {
    return id;
  }

  /// Looks once: the result when the task has ended, empty while it has not.
  ///
  /// @throws ServiceException.NotFound when this application has no such task
  public Optional<TaskResult> look() throws InterruptedException {
    return snapshot().result();
  }

  /// Looks once, and tells state, progress and estimate too.
  ///
  /// @throws ServiceException.NotFound when this application has no such task
  public TaskSnapshot snapshot() throws InterruptedException {
    return tasks.look(service, id, Duration.ZERO).task();
  }

  /// Waits for the task's end: by long poll where the server has it, else by asking again after
  /// growing pauses. A failed task is a result too.
  ///
  /// @throws WaitTimeoutException when it did not end within the limit; it goes on at the gateway
  public TaskResult await(Duration limit) throws InterruptedException {
    return tasks.await(service, id, limit, listener);
  }

  /// The task's end, without a thread that waits. All such tasks of this [Carillon] are looked
  /// after together: after one look the gateway's feed of events tells, with one held request for
  /// all; where the server has none, or the token may not read it, they are asked for with a
  /// request for each fifty of a service.
  ///
  /// @throws IllegalStateException when more than 100,000 are watched
  public CompletableFuture<TaskResult> whenEnded() {
    return tasks.whenEnded(service, id);
  }

  /// Asks the gateway to cancel the task. It ends soon then, as cancelled or with its result if
  /// that was first; [#await] tells.
  ///
  /// @throws ServiceException.Conflict when it had ended before
  /// @throws ServiceException.NotFound also when the server cannot cancel
  public void cancel() throws InterruptedException {
    tasks.cancel(id);
  }

  /// Tells the journal that this program needs the task no more: its result is where it belongs.
  /// Until then [Carillon#resumeAll] gives the task again. Without a journal it does nothing.
  ///
  /// @throws TaskJournalException when the journal cannot be written
  public void done() {
    done.run();
  }
}
