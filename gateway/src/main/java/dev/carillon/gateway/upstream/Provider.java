package dev.carillon.gateway.upstream;

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
}
