package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.TaskId;
import java.util.Map;
import java.util.Optional;

/// All providers behind one door: what the engine sees of the world.
@FunctionalInterface
public interface Upstream {

  /// Runs a claimed task at its provider, or goes on with one that is there already. Blocks until
  /// there is an outcome; one that is [Outcome.Wait] or [Outcome.Unknown] asks to be run again
  /// later, under the reference noted last. Never throws for the world's faults.
  ///
  /// @throws InterruptedException when the task was cancelled, ran late, or the gateway stops
  Outcome run(Claim claim, Progress progress) throws InterruptedException;

  /// A look at a task that was run before and waits: when there is surely no news of it, [#run] at
  /// less cost; else empty. Never asks anybody.
  default Optional<Outcome.Wait> glance(Claim claim) {
    return Optional.empty();
  }

  /// Whether [#run] tells by its progress, or by noting a reference, that a provider began; else a
  /// task has begun when it is called.
  default boolean tellsBeginning() {
    return false;
  }

  /// Whether [#run] would only wait for what an earlier process began; else it must not be called
  /// for a task that has expired.
  default boolean resumes(Claim claim) {
    return claim.upstreamRef().isPresent();
  }

  /// Whether a task without a reference was surely taken by nobody, so that it may begin, even
  /// where its fate was unknown before.
  default boolean notesFirst(Claim claim) {
    return false;
  }

  /// Asks the provider of a task that may be with it to stop. Blocks for seconds at most; never
  /// throws for the world's faults. [CancelAnswer#PENDING] when the outcome of [#run] will tell.
  default CancelAnswer cancel(Claim claim) {
    return CancelAnswer.UNSUPPORTED;
  }

  /// The claim's reference with what news tell about its job; empty when that is nothing new.
  default Optional<String> told(Claim claim, Map<String, String> job) {
    return Optional.empty();
  }

  /// Names those who could do a task: tasks of one name wait for the same places.
  default String line(Claim claim) {
    return claim.task().order().endpoint();
  }

  /// A task needs its provider no longer; what is held for it may be let go. It may be told before
  /// the end is stored and once more after that, and the task is run again where storing fails.
  default void ended(TaskId task) {}

  /// Hears how far a provider is, in whole percent from 0 to 99.
  @FunctionalInterface
  interface Progress {
    void at(int percent);

    /// Stores where the task stands at a provider, before anything relies on it.
    ///
    /// @return false when the claim is stale: then nothing may be sent for it
    default boolean note(String upstreamRef) {
      return true;
    }

    /// Whether the claim is surely good still, by what is known without asking anybody. Asked at
    /// the last moment before what must not happen twice: since the note this process may have
    /// stood still for so long that another one took the task over.
    default boolean isSurelyOurs() {
      return true;
    }
  }
}
