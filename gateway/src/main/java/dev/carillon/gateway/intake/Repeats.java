package dev.carillon.gateway.intake;

import dev.carillon.gateway.domain.Fingerprint;
import dev.carillon.gateway.domain.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Recognises requests that clients without an idempotency key send again because the first was
/// never answered: its connection broke while it waited, or nobody knows whether it was stored.
///
/// A request whose caller is still there, or was answered, is never taken for another's first: two
/// equal requests are two wishes. Each repeat takes over one first and becomes one itself.
///
/// Its monitor guards all fields but the flag, which it alone writes. What waits is bounded by the
/// requests under way, what was lost by the window and a number.
final class Repeats {
  private static final int MOST_LOST = 20_000;

  private final Duration window;
  private final InstantSource clock;
  private final Map<Fingerprint, List<First>> byRequest = new HashMap<>();
  private final ArrayDeque<First> lost = new ArrayDeque<>();
  private volatile boolean anyLost;

  /// @param window how long after its loss a request is waited for again; zero switches all off
  Repeats(Duration window, InstantSource clock) {
    this.window = window;
    this.clock = clock;
  }

  boolean isOn() {
    return !window.isZero();
  }

  /// Whether some request was lost lately, so that others are worth a look. Quick.
  boolean hasLost() {
    return anyLost;
  }

  /// A request that became a task and whose answer is not known to have arrived.
  static final class First {
    private final Fingerprint request;
    private final TaskId task;
    private final BooleanSupplier hungUp;
    private Optional<Instant> lostAt = Optional.empty();

    private First(Fingerprint request, TaskId task, BooleanSupplier hungUp) {
      this.request = request;
      this.task = task;
      this.hungUp = hungUp;
    }

    private boolean isLost() {
      return lostAt.isPresent() || hungUp.getAsBoolean();
    }
  }

  /// Begins to watch a request.
  ///
  /// @param hungUp whether its caller is gone
  synchronized First watch(Fingerprint request, TaskId task, BooleanSupplier hungUp) {
    var first = new First(request, task, hungUp);
    byRequest.computeIfAbsent(request, _ -> new ArrayList<>(1)).add(first);
    return first;
  }

  /// The task of an equal request that was lost; this one takes its place.
  synchronized Optional<TaskId> takeOver(Fingerprint request) {
    forgetOld();
    Optional<First> found =
        byRequest.getOrDefault(request, List.of()).stream().filter(First::isLost).findFirst();
    found.ifPresent(this::forget);
    return found.map(first -> first.task);
  }

  /// Ends the watch over a request that was answered; does nothing for one taken over meanwhile.
  synchronized void answered(First first) {
    forget(first);
  }

  /// Remembers for a while that a request was not answered; does nothing for one taken over
  /// meanwhile.
  synchronized void lost(First first) {
    forgetOld();
    if (byRequest.getOrDefault(first.request, List.of()).contains(first)) {
      first.lostAt = Optional.of(clock.instant());
      lost.add(first);
      anyLost = true;
    }
  }

  private void forgetOld() {
    Instant before = clock.instant().minus(window);
    while (!lost.isEmpty() && (lost.size() > MOST_LOST || isOld(lost.getFirst(), before))) {
      forget(lost.removeFirst());
    }
    anyLost = !lost.isEmpty();
  }

  private static boolean isOld(First first, Instant before) {
    return first.lostAt.filter(at -> !at.isAfter(before)).isPresent();
  }

  /// One that stands among the lost as well stays there until its time is over.
  private void forget(First first) {
    byRequest.computeIfPresent(
        first.request,
        (_, present) -> {
          present.remove(first);
          return present.isEmpty() ? null : present;
        });
  }
}
