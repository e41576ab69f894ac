package dev.carillon.gateway.feed;

import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// How callers read.
///
/// @param longestWait the longest `?wait=`
/// @param longestStream the longest life of one event stream
/// @param mirror whether finished records carry `state` and `data` beside the documented keys
/// @param kept until when ended tasks are shown
public record FeedConfig(Duration longestWait, Duration longestStream, boolean mirror, Kept kept) {

  /// Shows ended tasks for as long as the store has them.
  public FeedConfig(Duration longestWait, Duration longestStream, boolean mirror) {
    this(
        longestWait,
        longestStream,
        mirror,
        new Kept(Duration.ofDays(36_500), InstantSource.fixed(Instant.EPOCH)));
  }

  /// Until when ended tasks are shown. The rows are removed a little later, by whoever purges.
  ///
  /// @param usual for tasks that ask for nothing else
  public record Kept(Duration usual, InstantSource clock) {

    /// When the time is over; empty while the task is open.
    public Optional<Instant> until(Task task) {
      return task.state() instanceof TaskState.Ended ended
          ? Optional.of(ended.at().plus(task.order().terms().keepFor().orElse(usual)))
          : Optional.empty();
    }

    /// Whether a task is to be shown.
    public boolean stillKeeps(Task task) {
      return until(task).filter(end -> !clock.instant().isBefore(end)).isEmpty();
    }
  }
}
