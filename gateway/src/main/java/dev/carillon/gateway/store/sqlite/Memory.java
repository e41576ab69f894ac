package dev.carillon.gateway.store.sqlite;

import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskState;
import dev.carillon.gateway.domain.callback.Dispatch;
import dev.carillon.gateway.store.Bell;
import dev.carillon.gateway.store.queue.Dispatches;
import java.time.Instant;
import java.util.List;

/// What the node keeps in memory beside the file, and what each commit changes there. All of it can
/// be lost: the file alone tells what is true.
///
/// The acts are called on the writer thread, right after the commit they tell of; only [#running]
/// is called by anybody.
record Memory(
    OpenTasks open,
    HotTasks hot,
    HandOver handOver,
    RunningNotes notes,
    Dispatches dispatches,
    Bell bell) {

  void accepted(Task task) {
    open.put(new OpenTask(task.id(), HandOver.Waiting.FENCE, false));
    hot.put(task);
    handOver.add(task);
    bell.ring(task);
  }

  /// A task that a dead process left is claimed again.
  void rescued(Claim claim) {
    boolean started = !(claim.task().state() instanceof TaskState.Queued);
    open.put(new OpenTask(claim.task().id(), claim.fence(), started));
    hot.put(claim.task());
  }

  /// A task is open in a state that its row tells and no note changes.
  void parked(Task task) {
    open.find(task.id()).ifPresent(OpenTask::hide);
    hot.put(task);
    bell.ring(task);
  }

  /// Something beside the state was noted on a task. The state in memory may be newer than the
  /// row's, so it stays. An ended one is not told of again: listeners would take that for its end.
  void noted(Task noted) {
    hot.change(
        noted.id(),
        known ->
            new Task(
                noted.order(),
                known.state(),
                known.settlement(),
                noted.cancellation(),
                known.reached()));
    if (!noted.state().isFinal()) {
      bell.ring(open.overlay(noted));
    }
  }

  void ended(Task task, List<Dispatch> made) {
    open.end(task.id());
    open.free(task.order());
    hot.put(task);
    made.forEach(dispatches::add);
    bell.ring(task);
    bell.ringFeed(task.order().owner().application());
  }

  /// A task that had expired got its result: its room was given back before.
  void endedLate(Task task, List<Dispatch> made) {
    hot.put(task);
    made.forEach(dispatches::add);
    bell.ring(task);
    bell.ringFeed(task.order().owner().application());
  }

  /// A row says that a task ended, which this node may have missed when a commit's answer was lost.
  void found(Task ended) {
    if (open.find(ended.id()).isPresent()) {
      open.free(ended.order());
    }
    open.end(ended.id());
    hot.put(ended);
  }

  void running(Claim claim, TaskState.Running running, Instant at) {
    Task task = claim.task().in(running);
    open.find(task.id())
        .filter(known ->
            known.show(
                claim.fence(),
                running,
                at,
                () -> {
                  hot.show(task);
                  bell.ring(task);
                }))
        .ifPresent(notes::add);
  }
}
