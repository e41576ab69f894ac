package dev.carillon.gateway.domain;

import java.util.Optional;

/// The right to work on a task. Every write under it carries the fence; a claim whose fence is no
/// longer the task's changes nothing.
///
/// @param fence grows with each claim of the task
/// @param attempt how many times work has begun, from 1
/// @param upstreamRef the provider's job id, where one was stored before; work resumes from it
public record Claim(Task task, long fence, int attempt, Optional<String> upstreamRef) {

  private static final long FIRST_FENCE = 1;

  /// The claim of whoever accepted a task: it is theirs from the accepting transaction on.
  public static Claim first(Task task) {
    return new Claim(task, FIRST_FENCE, 1, Optional.empty());
  }

  /// This claim with another reference; an empty one is none.
  public Claim at(String ref) {
    return new Claim(task, fence, attempt, ref.isEmpty() ? Optional.empty() : Optional.of(ref));
  }

  /// This claim of the task in another state.
  public Claim in(TaskState state) {
    return new Claim(task.in(state), fence, attempt, upstreamRef);
  }
}
