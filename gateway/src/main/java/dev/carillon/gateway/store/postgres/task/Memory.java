package dev.carillon.gateway.store.postgres.task;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.store.postgres.batch.Accept;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What this node keeps in memory beside the database, and what each commit changes there. All of
/// it can be lost: the database alone tells what is true.
///
/// The acts are called on a writer's thread, right after the commit they tell of; [#running] and
/// [#heard] by others.
record Memory(
    OpenTasks open,
    HotTasks hot,
    HandOver handOver,
    RunningNotes notes,
    Doubts doubts,
    Ringer ringer,
    Node node)
    implements Accept.Listener {

  @Override
  public void accepted(Task task) {
    open.put(owned(task, HandOver.Waiting.FENCE));
    handOver.add(task, node.lapses());
    ringer.ringHere(task); // nobody can have asked another node about it yet
  }

  @Override
  public void doubtful(Order order) {
    doubts.add(order);
  }

  private static OpenTask owned(Task task, long fence) {
    boolean started = !(task.state() instanceof TaskState.Queued);
    return new OpenTask(task.id(), task.order().owner().application(), fence, started);
  }

  /// Tasks that were taken over.
  void rescued(List<Claim> claims) {
    claims.forEach(claim -> open.put(owned(claim.task(), claim.fence())));
  }

  /// A task is open in a state that its row tells and no note changes.
  void parked(Task task) {
    open.find(task.id()).ifPresent(OpenTask::hide);
    ringer.ring(task);
  }

  /// Something beside the state was noted on a task. An ended one is not told of again: listeners
  /// would take that for its end.
  void noted(Task noted) {
    if (noted.state().isFinal()) {
      hot.change(
          noted.id(),
          known ->
              new Task(
                  noted.order(),
                  known.state(),
                  known.settlement(),
                  noted.cancellation(),
                  known.reached()));
    } else {
      ringer.ring(open.overlay(noted));
    }
  }

  void ended(Task task) {
    open.end(task.id());
    hot.put(task);
    ringer.ring(task);
  }

  /// A task that had expired got its result.
  void endedLate(Task task) {
    hot.put(task);
    ringer.ring(task);
  }

  /// A row says that a task ended, which this node may have missed.
  void found(Task ended) {
    open.end(ended.id());
    hot.put(ended);
  }

  /// A claim turned out to be stale: its task ended, or another node took it over.
  void stale(Claim claim, Optional<Task> row) {
    Optional<Task> ended = row.filter(task -> task.state().isFinal());
    if (ended.isPresent()) {
      found(ended.get());
    } else if (open.isCurrent(claim.task().id(), claim.fence())) {
      open.end(claim.task().id());
    }
  }

  /// Another node told that a task changed, and this is what its row says.
  void heard(Task task) {
    if (task.state().isFinal()) {
      found(task);
      ringer.ringHere(task);
    } else {
      ringer.ringHere(open.overlay(task));
    }
  }

  void running(Claim claim, TaskState.Running running, Instant at) {
    Task task = claim.task().in(running);
    open.find(task.id())
        .filter(known -> known.show(claim.fence(), running, at, () -> ringer.ringHere(task)))
        .ifPresent(notes::add);
  }
}
