package dev.carillon.gateway.store;

import dev.carillon.gateway.domain.ApplicationId;
import dev.carillon.gateway.domain.Claim;
import dev.carillon.gateway.domain.Event;
import dev.carillon.gateway.domain.Order;
import dev.carillon.gateway.domain.Task;
import dev.carillon.gateway.domain.TaskId;
import dev.carillon.gateway.domain.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The verbs of a task's life.
public interface TaskStore {

  /// Takes in an order: task and hold in one transaction. After it returned [Accepted.Taken] the
  /// promise holds that the task ends once. An order whose id was accepted before is not accepted
  /// again and holds nothing twice.
  Accepted accept(Order order);

  /// What accepting an order came to.
  sealed interface Accepted {
    /// Durable, and this node owns it.
    record Taken(Task task) implements Accepted {}

    /// The balances do not cover the price; nothing was written.
    record UsedUp() implements Accepted {}

    /// Too many tasks are open, or too many writes wait; nothing was written.
    record Full() implements Accepted {}
  }

  /// Hands out tasks to work on: those this node accepted, in order, and those whose owner died.
  /// Waits up to `wait` for the first; empty when none came.
  ///
  /// @param max how many at most, at least 1
  List<Claim> claim(int max, Duration wait) throws InterruptedException;

  /// Stores the provider's own job id before it is waited for, so that a crash resumes the wait.
  /// False when the claim is stale.
  boolean noteUpstream(Claim claim, String upstreamRef);

  /// Shows that a task runs. Readers of this node see it at once; within about a second it is
  /// durable with its event, unless the task ended before. Does not wait; a stale claim is ignored.
  void noteRunning(Claim claim, TaskState.Running running);

  /// Ends a task or parks it as indeterminate: state, event, money and, when it ended and has a
  /// callback URL, its delivery, in one transaction. Empty when the claim is stale: then nothing
  /// changed.
  Optional<Task> settle(Claim claim, TaskState next);

  /// Cancels an open task of this application and releases its hold; a later write of its worker
  /// changes nothing. An ended task is returned as it is; empty for an unknown or foreign one.
  Optional<Task> cancel(TaskId id, ApplicationId application, Instant now);

  /// The task with this id, of whichever application.
  Optional<Task> find(TaskId id);

  /// The newest task of this application and service with this trace id.
  Optional<Task> findByTrace(ApplicationId application, String service, String traceId);

  /// Tasks of this application by id; unknown and foreign ones are left out. At most 1,000 ids.
  List<Task> findAll(ApplicationId application, Collection<TaskId> ids);

  /// A page of an application's tasks, newest first.
  List<Task> list(TaskQuery query);

  /// How many tasks match, counted up to `bound`.
  int count(TaskQuery query, int bound);

  /// The durable events of a task after a sequence number, oldest first; the accepting one
  /// (sequence 1) included.
  ///
  /// @param after a sequence number; 0 for all
  List<Event> events(TaskId id, int after, int max);

  /// Forgets an ended task of this application, with its events and deliveries; ledger rows stay.
  ///
  /// @return false when it is unknown, foreign or still open
  boolean remove(TaskId id, ApplicationId application);

  /// How many tasks are open on this node.
  int openTasks();

  /// Removes tasks that ended before a time, with their events and deliveries, ledger rows kept.
  ///
  /// @return how many were removed, at most `max`
  int purge(Instant endedBefore, int max);

  /// Which tasks to list. Empty fields match all.
  ///
  /// @param service the catalog's service
  /// @param type the record's type
  /// @param open true for open tasks only, false for ended ones only
  /// @param createdMin earliest creation, inclusive, to the millisecond
  /// @param createdMax latest creation, inclusive, to the millisecond
  /// @param before only tasks with a smaller id: the cursor
  /// @param offset how many matches to pass over
  /// @param limit how many to return at most
  record TaskQuery(
      ApplicationId application,
      Optional<String> service,
      Optional<String> type,
      Optional<Boolean> open,
      Optional<Instant> createdMin,
      Optional<Instant> createdMax,
      Optional<TaskId> before,
      int offset,
      int limit) {

    /// The newest tasks of an application.
    public static TaskQuery newest(ApplicationId application, int limit) {
      return new TaskQuery(
          application,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          limit);
    }
  }
}
