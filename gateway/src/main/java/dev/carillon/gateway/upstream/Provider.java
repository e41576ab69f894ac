package dev.carillon.gateway.upstream;

import dev.carillon.gateway.domain.CancelAnswer;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Outcome;
import dev.carillon.gateway.domain.TaskId;
import java.util.Map;
import java.util.Optional;

/// Somebody who generates.
public interface Provider {

  /// The word by which the catalog's routes name this provider.
  String name();

  /// Does a job, or goes on with one whose stored reference is its own, on the task's own virtual
  /// thread. It may block until there is an outcome, or answer [Outcome.Wait] and be asked again.
  /// The world's faults are outcomes, never exceptions.
  ///
  /// It need not watch the task's finish-by time: who runs it does, and may let it work on for a
  /// while after that.
  ///
  /// @throws InterruptedException when the task was cancelled, ran late, or the gateway stops
  Outcome run(Job job) throws InterruptedException;

  /// Whether [#run] would only wait for a job that an earlier process began, rather than begin it
  /// again. Asked before a result is waited for that the caller was told would not come.
  default boolean resumes(Job job) {
    return job.claim().upstreamRef().isPresent();
  }

  /// Whether it notes a reference before it asks anybody for anything. A task without one was
  /// surely taken by nobody then, even where its fate was unknown before.
  default boolean notesFirst() {
    return false;
  }

  /// A look at a job that answered [Outcome.Wait] before, where there is surely no news of it;
  /// empty when it is to be [#run] again. Answers at once, of its own memory.
  default Optional<Outcome.Wait> glance(Claim claim) {
    return Optional.empty();
  }

  /// Whether it is at a task of which no reference tells; then [#run] goes on with it, and nobody
  /// else may be asked.
  default boolean has(TaskId task) {
    return false;
  }

  /// Asked to do a job of which nothing was begun yet. That it takes it, it tells by progress or by
  /// noting a reference; until then the task has to begin by its start-by time.
  ///
  /// @throws InterruptedException as [#run] does
  default Turn begin(Job job) throws InterruptedException {
    job.progress().at(0);
    return new Turn.Taken(run(job));
  }

  /// Asks to stop a job that [#run] may be doing meanwhile on another thread. What is confirmed is
  /// not billed to the caller, so a provider that bills work it stopped should refuse. The world's
  /// faults are refusals; it takes seconds at most.
  ///
  /// @return [CancelAnswer#PENDING] when the outcome of [#run] will tell
  default CancelAnswer cancel(Job job) {
    return CancelAnswer.UNSUPPORTED;
  }

  /// Whether the stored reference of a task is this provider's.
  default boolean owns(String upstreamRef) {
    return false;
  }

  /// How it is chosen for a request; empty when it cannot do it.
  default Optional<Offer> offer(Job job) {
    return Optional.of(Offer.USUAL);
  }

  /// Whether it can do some requests of this endpoint.
  default boolean serves(String endpointKey) {
    return false;
  }

  /// Whether it was well when last asked.
  default boolean isWell() {
    return true;
  }

  /// The stored reference with what its news tell about the job; empty when that is nothing new.
  default Optional<String> told(String upstreamRef, Map<String, String> job) {
    return Optional.empty();
  }

  /// A task that may have been here needs nobody any more. It may be told more than once, and the
  /// task may come again where its end could not be stored.
  default void ended(TaskId task) {}

  /// A place in the order of providers.
  ///
  /// @param priority smaller ones are asked first
  /// @param weight its share among equals, at least 1
  record Offer(int priority, int weight) {
    static final Offer USUAL = new Offer(1, 1);
  }
}
