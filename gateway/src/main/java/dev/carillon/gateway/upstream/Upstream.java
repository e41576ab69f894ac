package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;

/// All providers behind one door: what the engine sees of the world.
@FunctionalInterface
public interface Upstream {

  /// Runs a claimed task at its provider and blocks until there is an outcome. Never throws for the
  /// world's faults.
  ///
  /// @throws InterruptedException when the task was cancelled, ran late, or the gateway stops
  Outcome run(Claim claim, Progress progress) throws InterruptedException;

  /// Asks the provider of a task that may be with it to stop. Blocks for seconds at most; never
  /// throws for the world's faults. [CancelAnswer#PENDING] when the outcome of [#run] will tell.
  default CancelAnswer cancel(Claim claim) {
    return CancelAnswer.UNSUPPORTED;
  }

  /// Hears how far a provider is, in whole percent from 0 to 99.
  @FunctionalInterface
  interface Progress {
    void at(int percent);
  }
}
