package dev.carillon.gateway.intake;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.IdempotencyKey;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore;
import dev.carillon.gateway.store.TaskStore.Accepted;
import dev.carillon.gateway.store.TaskStore.Room;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/// Recognises repeats of requests without a key whose callers gave them a trace id: who names a
/// request and sends it to the letter again within the window means the same one.
///
/// It gives such a request an idempotency key of the gateway's own, made of the request and of the
/// span of time it came in, each as long as the window. So the store recognises the repeat in the
/// transaction that accepts it, on whichever node that is, and nothing more is written. A repeat
/// that comes in the next span is found by the key of the one before.
///
/// An attempt that failed cost nothing, and its repeat wants another: that one's key is made of the
/// failed task, too.
final class Traced {
  /// Failed attempts in one span after which a request is taken for a new one.
  private static final int MOST_ATTEMPTS = 16;

  private final Duration window;
  private final InstantSource clock;
  private final TaskStore tasks;

  /// @param window longer than zero
  Traced(Duration window, InstantSource clock, TaskStore tasks) {
    this.window = window;
    this.clock = clock;
    this.tasks = tasks;
  }

  /// Accepts an order, or finds the one it repeats.
  ///
  /// @param letters what tells requests apart
  /// @param order the order under a key
  Accepted accept(
      ApplicationId application,
      Fingerprint letters,
      Room room,
      Function<IdempotencyKey, Order> order) {
    long span = clock.millis() / window.toMillis();
    Optional<Task> before =
        repeated(application, name(letters, span - 1))
            .filter(task -> task.order().createdAt().plus(window).isAfter(clock.instant()));
    if (before.isPresent()) {
      return new Accepted.Replayed(before.get());
    }
    IdempotencyKey name = name(letters, span);
    for (int i = 0; i < MOST_ATTEMPTS; i++) {
      Accepted accepted = tasks.accept(order.apply(name), Optional.of(letters), room);
      if (!(accepted instanceof Accepted.Replayed(Task task)) || isWorthRepeating(task)) {
        return accepted;
      }
      name = after(letters, span, task);
    }
    return tasks.accept(order.apply(name(letters, clock.millis())), Optional.of(letters), room);
  }

  /// The task of a request that came in an earlier span, past all attempts at it that failed.
  private Optional<Task> repeated(ApplicationId application, IdempotencyKey first) {
    Optional<Task> found = tasks.findByKey(application, first);
    for (int i = 0; i < MOST_ATTEMPTS && found.isPresent(); i++) {
      Task task = found.get();
      if (isWorthRepeating(task)) {
        return found;
      }
      found =
          tasks.findByKey(
              application, IdempotencyKey.derived(first.value().strip() + "." + task.id()));
    }
    return Optional.empty();
  }

  private static IdempotencyKey name(Fingerprint letters, long span) {
    return IdempotencyKey.derived(letters.value() + "." + span);
  }

  private static IdempotencyKey after(Fingerprint letters, long span, Task failed) {
    return IdempotencyKey.derived(letters.value() + "." + span + "." + failed.id());
  }

  /// An attempt that failed cost nothing, and its repeat wants another one.
  static boolean isWorthRepeating(Task task) {
    return !task.state().isFinal() || task.state() instanceof TaskState.Succeeded;
  }
}
