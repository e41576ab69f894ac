package dev.carillon.gateway.intake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.account.ApplicationId;
import dev.carillon.gateway.store.TaskStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/// Tells a caller with too many open tasks when to come again: when the first of its oldest ones is
/// expected to end. Whoever asks again at once is told the same, so refusals stay cheap.
final class OpenEnds {
  /// How many of the oldest open tasks are looked at.
  private static final int LOOKED_AT = 16;

  private static final int KEPT = 10_000;
  private static final Duration KEPT_FOR = Duration.ofSeconds(1);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final TaskStore tasks;
  private final Function<Task, Duration> left;
  private final Cache<Group, Duration> told =
      Caffeine.newBuilder().maximumSize(KEPT).expireAfterWrite(KEPT_FOR).build();

  /// @param left how long an open task probably still takes
  OpenEnds(TaskStore tasks, Function<Task, Duration> left) {
    this.tasks = tasks;
    this.left = left;
  }

  private record Group(ApplicationId application, Optional<String> service) {}

  /// @param service whose open tasks are too many; empty when those of all are
  Duration next(ApplicationId application, Optional<String> service) {
    return told.get(new Group(application, service), this::expected);
  }

  private Duration expected(Group group) {
    Duration first =
        tasks.oldestOpen(group.application, group.service, LOOKED_AT).stream()
            .map(left)
            .min(Duration::compareTo)
            .orElse(SHORTEST);
    return first.compareTo(SHORTEST) < 0
        ? SHORTEST
        : first.compareTo(LONGEST) > 0 ? LONGEST : first;
  }
}
