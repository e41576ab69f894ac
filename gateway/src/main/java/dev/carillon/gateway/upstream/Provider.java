package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Outcome;

/// Somebody who generates.
public interface Provider {

  /// The word by which the catalog's routes name this provider.
  String name();

  /// Does a job and blocks until there is an outcome, on the task's own virtual thread. The world's
  /// faults are outcomes, never exceptions.
  ///
  /// @throws InterruptedException when the task was cancelled, ran late, or the gateway stops
  Outcome run(Job job) throws InterruptedException;

  /// Asks to stop a job that [#run] may be doing meanwhile on another thread. What is confirmed is
  /// not billed to the caller, so a provider that bills work it stopped should refuse. The world's
  /// faults are refusals; it takes seconds at most.
  ///
  /// @return [CancelAnswer#PENDING] when the outcome of [#run] will tell
  default CancelAnswer cancel(Job job) {
    return CancelAnswer.UNSUPPORTED;
  }
}
